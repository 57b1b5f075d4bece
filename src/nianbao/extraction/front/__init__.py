"""What stands before and behind the prose: title lines, tables of facts, addressee, signature."""
