"""The explorer: pages on loopback that lead from every number to the posts behind it.

`app.make(home, study)` gives the web application; its queries are the `.sql` files beside it, its pages the templates.
"""
