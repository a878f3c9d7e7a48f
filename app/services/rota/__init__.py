"""Who answers: the staff, their rotas and changes of duty, and the hours of a line."""
