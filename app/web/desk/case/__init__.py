"""The page of a case, its follow-up, and handing cases over."""
