"""What an address is to a source: the roles of captures, and one of what is only remembered."""

LISTING, PAGE, ATTACHMENT = "listing", "page", "attachment"
# An entry of a listing that is no report: remembered, so that a page of a listing can be told to hold nothing new.
OTHER = "other"
