"""Series of readings as files: CSV, XLSX and Parquet, page by page in constant memory."""
