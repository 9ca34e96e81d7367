"""From a source's page to a table: studies, sources, fetching, archive, privacy, corpus, tables, exports."""
