"""Mail: what there is to tell, put into the outbox once, and handed to a mail server."""
