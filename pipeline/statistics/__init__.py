"""Statistics that SQL cannot do: fits, quantiles and bootstraps. All else stands in the views."""
