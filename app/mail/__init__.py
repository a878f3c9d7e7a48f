"""Mail to staff: its words, and the way to the mail server. The only importer of ``smtplib``."""
