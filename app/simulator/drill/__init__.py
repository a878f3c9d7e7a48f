"""Many calls at once, as different as they come, with everything going wrong on the way."""
