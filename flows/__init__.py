"""The top floor: Prefect flows and the command line, thin skins over `pipeline`."""
