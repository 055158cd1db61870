"""Where things rest: records in Delta tables, results in a SQL database. Readers return Polars frames."""
