# Everything starts here: `make run` and `make test` work on a fresh clone with only Python, Node and make.
# Stamps let a second run skip what has not changed: a lock file that is newer than its stamp is installed again.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

VENV := .venv
PY := $(VENV)/bin/python
FRONTEND := webapp/frontend
MODULES := $(FRONTEND)/node_modules/.package-lock.json
DIST := webapp/static/dist/.vite/manifest.json
SOURCES := $(shell find $(FRONTEND) -name node_modules -prune -o -type f -print 2>/dev/null)
PIP := $(PY) -m pip --disable-pip-version-check install --quiet --require-hashes
WORKERS ?= 2

export PYTHONUTF8 := 1

.PHONY: help setup run test lint format bench bench-inbox bench-filing bench-paint fuzz chaos walks journeys matrix conformance docs notices translations

help: ## 列出全部命令 · list the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; do \
	    printf '  make %-13s %s\n' "$$name" "$$text"; done

setup: $(DIST) $(VENV)/run.stamp ## 安装依赖、构建前端 · install what is locked, build the front end
	@echo "准备就绪，请执行 make run。 Ready: make run"

run: $(DIST) $(VENV)/run.stamp ## 启动平台（含演示数据；PORT、DATABASE_URL 可改） · serve with demo data
	@exec $(PY) -m webapp serve --demo

test: $(DIST) $(VENV)/dev.stamp ## 全部检查和测试 · every check and every test
	@$(PY) -m tests.chromium
	@$(MAKE) lint
	@$(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

lint: $(VENV)/dev.stamp ## 代码检查：ruff、mypy · static checks
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

format: $(VENV)/dev.stamp ## 整理代码格式 · format the code
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

bench: $(VENV)/dev.stamp $(DIST) ## 性能测量（ARGS="--json 文件"） · measure what a step costs
	@$(PY) -m bench $(ARGS)

bench-inbox: $(VENV)/dev.stamp $(DIST) ## 百万任务下的任务列表（ARGS="--tasks 1000,100000"） · the inbox among a million tasks
	@$(PY) -m bench.inbox $(ARGS)

bench-filing: $(VENV)/dev.stamp $(DIST) ## 手机提出诉求要多少秒（按键模型估算） · seconds to file an appeal on a phone, by the keystroke model
	@$(PY) -m tests.chromium
	@$(PY) -m bench.filing

bench-paint: $(VENV)/dev.stamp $(DIST) ## 手机慢网下页面多大、多快显示 · what pages weigh on a slow phone
	@$(PY) -m tests.chromium
	@$(PY) -m bench.paint $(ARGS)

fuzz: $(VENV)/dev.stamp ## 性质测试换新的随机例子 · the property tests with new random examples
	@$(PY) -m pytest -n $(WORKERS) --hypothesis-profile=campaign $$(grep -rl hypothesis tests --include='test_*.py') $(ARGS)

chaos: $(VENV)/dev.stamp $(DIST) ## 反复强行中断，核对结果 · kill it under load, check nothing is lost
	@$(PY) -m bench.chaos $(ARGS)

walks: $(VENV)/dev.stamp ## 随机流程图对照参照实现（N=张数 SEED=起点） · random diagrams against the reference game
	@WUJI_WALKS=$(or $(N),2000) WUJI_SEED=$(or $(SEED),1) $(PY) -m pytest -q tests/engine/tokens/test_random_walks.py

journeys: $(DIST) $(VENV)/dev.stamp ## 浏览器长流程：多人接力办理 · long ways through many desks in browsers
	@$(PY) -m tests.chromium
	@$(PY) -m pytest -n $(WORKERS) -m journey tests/browser $(ARGS)

matrix: $(DIST) $(VENV)/dev.stamp ## 每个人、每个页面，全部组合 · every page for everybody: databases, sizes, languages
	@$(PY) -m tests.chromium
	@$(PY) -m pytest -n $(WORKERS) -m matrix tests/browser $(ARGS)

conformance: $(VENV)/dev.stamp ## 对照他人的测试材料（WUJI_CONFORMANCE） · hold it against cases that others wrote
	@$(PY) -m tests.conformance $(ARGS)

translations: $(VENV)/dev.stamp ## 更新英文译文表，列出缺漏 · update en.po, list what is missing
	@$(PY) -m tools.translations

docs: $(VENV)/dev.stamp ## 生成 docs/ 中两页 · write what-runs.md and ext-rules.md from the checker
	@$(PY) -m tools.what_runs
	@$(PY) -m tools.ext_rules

notices: $(VENV)/run.stamp $(MODULES) ## 生成第三方声明 · write THIRD-PARTY-NOTICES.txt
	@$(PY) -m tools.notices

$(VENV)/bin/python:
	@[ -w . ] || { echo "无法写入目录 $(CURDIR)，请检查权限。 This folder is not writable: $(CURDIR)" >&2; exit 1; }
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	    if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        "$$python" -m venv $(VENV) && exit 0; \
	        rm -rf $(VENV); \
	        echo "无法创建虚拟环境，请安装 Python 的 venv 模块（如 apt-get install python3-venv）。" \
	            "Python lacks its venv module: install it, as with apt-get install python3-venv." >&2; exit 1; \
	    fi; \
	done; \
	echo "需要 Python 3.11 或更高版本（https://www.python.org），现在没有找到。" \
	    "Python 3.11 or newer is needed and was not found." >&2; exit 1

$(VENV)/run.stamp: requirements/run.txt | $(VENV)/bin/python
	@echo "安装 Python 依赖… installing Python packages"
	@$(PIP) -r requirements/run.txt
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt requirements/run.txt | $(VENV)/bin/python
	@echo "安装开发依赖… installing development packages"
	@$(PIP) -r requirements/dev.txt
	@touch $(VENV)/run.stamp $@

$(MODULES): $(FRONTEND)/package-lock.json $(FRONTEND)/package.json $(FRONTEND)/.npmrc
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' \
	    2>/dev/null && command -v npm >/dev/null || { \
	    echo "需要 Node.js 20.19 或更高版本和 npm（https://nodejs.org），现在没有找到或版本过低。" \
	        "Node.js 20.19 or newer with npm is needed: it was not found or is too old." >&2; exit 1; }
	@echo "安装前端依赖… installing front-end packages"
	@cd $(FRONTEND) && npm ci --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

$(DIST): $(MODULES) $(SOURCES)
	@echo "构建前端… building the front end"
	@cd $(FRONTEND) && npm run build --silent -- --logLevel error
	@touch $@
