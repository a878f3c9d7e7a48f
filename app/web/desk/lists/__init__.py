"""Lists of records, calls, cases and follow-ups: looked for, paged, kept under a name, and as files."""
