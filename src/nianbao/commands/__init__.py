"""What the commands do, one module each: plain functions over the stages that print and return an exit code."""
