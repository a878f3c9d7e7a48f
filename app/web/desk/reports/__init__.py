"""Reports: as pages to print, as files, and in sentences."""
