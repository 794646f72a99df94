# The two commands are `make demo` and `make test`; `make help` lists all.
.DEFAULT_GOAL := help
.PHONY: help demo serve test test-long bench reference lock clean
.DELETE_ON_ERROR:

PYTHON := .venv/bin/python
CATALOGUES := $(shell find src -name '*.po')

help: ## These lines
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name what; \
	do printf '  make %-10s %s\n' "$$name" "$$what"; done

demo: .venv/platform .venv/messages ## The demo country on http://127.0.0.1:8000 · 演示国家
	@.venv/bin/xietong demo

serve: .venv/platform .venv/messages ## The platform with your own data · 使用自己的数据启动平台
	@.venv/bin/xietong serve

test: .venv/dev .venv/messages ## Everything that is checked every day · 全部日常检查
	@tools/chromium
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PYTHON) -m pytest -n 2 --dist worksteal -m "not long"

test-long: .venv/dev .venv/messages ## Races, kills, restores, fuzzing · 耗时较长的测试
	$(PYTHON) -m pytest -n 2 -m long

bench: .venv/dev .venv/messages ## The benchmarks, each a table · 性能基准
	@set -e; for claim in benchmarks/*.py; do $(PYTHON) "$$claim"; done

reference: .venv/dev ## The reference pages, from the code · 由代码生成参考文档
	tools/reference

lock: ## Locks anew what is installed · 重新锁定依赖
	tools/lock

clean: ## Removes what was built, never your data · 清除构建产物，不动数据
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache test-results
	find src -name '*.mo' -delete
	find src tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

.venv/platform: requirements/platform.lock pyproject.toml
	@tools/install requirements/platform.lock
	@touch $@

.venv/dev: requirements/dev.lock pyproject.toml
	@tools/install requirements/dev.lock
	@touch $@ .venv/platform

# Whichever lock was installed first brings what compiles the catalogues.
.venv/messages: $(CATALOGUES) | $(if $(filter test%,$(MAKECMDGOALS)),.venv/dev,.venv/platform)
	@$(PYTHON) -m xietong.platform.ui.messages compile
	@touch $@
