"""What leaves as a file or by the API: of any size, noted, and without anything that says who somebody is."""
