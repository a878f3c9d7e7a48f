"""The page of a record and its panels, records made by hand, the register, and handing a record out."""
