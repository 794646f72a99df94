"""公开档案: the append-only public record, and the parameters in force."""
