"""计划轮次: gather, draft, decide, run, close."""
