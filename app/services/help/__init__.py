"""Where to turn instead: the list of referrals, and the social services of municipalities."""
