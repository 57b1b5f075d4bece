"""How a home is: what status, metrics and alerts tell, answered from what came in and never from whether something ran."""
