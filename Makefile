# SPDX-License-Identifier: Apache-2.0
# pyjail: build, test, install.  `make help` lists the targets.

MODE     ?= release
PREFIX   ?= /usr/local
DESTDIR  ?=
V        ?= 0
CC       ?= cc
Q        := $(if $(filter 1,$(V)),,@)
BUILD    := build/$(MODE)
PKGS     := libseccomp jansson ncursesw vterm

WARN     := -Wall -Wextra -Wshadow -Wvla -Wmissing-prototypes -Wstrict-prototypes -Wformat=2 \
            -Wswitch-enum -Wundef -Wpointer-arith -Wwrite-strings
CFLAGS.release := -O2 -g -fstack-protector-strong -fstack-clash-protection -fPIE
CPPFLAGS.release := -D_FORTIFY_SOURCE=2
LDFLAGS.release := -pie -Wl,-z,relro,-z,now
CFLAGS.debug   := -O0 -g
CFLAGS.asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
LDFLAGS.asan   := -fsanitize=address,undefined

VERSION  := 0.1.0
CPPFLAGS += -I. -I$(BUILD) -D_GNU_SOURCE -DPYJAIL_VERSION='"$(VERSION)"' $(CPPFLAGS.$(MODE)) \
            $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
CFLAGS   += -std=gnu11 $(WARN) $(CFLAGS.$(MODE))
LDFLAGS  += $(LDFLAGS.$(MODE))

# Loading a library costs every run as much as half a millisecond: what the jail itself needs is linked
# in where there is an archive of it, what the screen needs is in a program of its own (pyjail-tui).
archived = $(if $(filter lib$1.a,$(shell $(CC) -print-file-name=lib$1.a)),-l$1,-l:lib$1.a)
LDLIBS      += $(call archived,seccomp) $(call archived,jansson) -lpthread -ldl
LDLIBS_TUI  := $(shell pkg-config --libs ncursesw vterm 2>/dev/null)

LIB_SRC  := $(sort $(wildcard base/*.c filters/*.c tracer/*.c tracer/*/*.c tui/*.c))
# A program has its screen, or knows where there is one.
SCREEN   := $(BUILD)/screen.o
NO_SCREEN := $(BUILD)/screen_elsewhere.o
MAIN_OBJ := $(filter-out $(SCREEN) $(NO_SCREEN),$(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard *.c))))
# Without tui/ there is a pyjail all the same.
TUI      := $(if $(wildcard tui/*.c),pyjail-tui)
LIB_OBJ  := $(LIB_SRC:%.c=$(BUILD)/%.o)
TEST_SRC := $(sort $(wildcard tests/base/test_*.c tests/filters/test_*.c tests/tracer/test_*.c \
              tests/tracer/*/test_*.c tests/tui/test_*.c tests/live/test_*.c))
TEST_BIN := $(TEST_SRC:%.c=$(BUILD)/%)
SUPPORT  := $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard tests/support/*.c)))
FUZZ_BIN := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
C_FILES  := $(sort $(wildcard *.c generators/*.c base/*.c filters/*.c tracer/*.c tracer/*/*.c tui/*.c))
TESTED_PYJAIL := $(BUILD)/pyjail $(BUILD)/pyjail-tui $(BUILD)/pyjail-naive $(BUILD)/pyjail-wall2 $(BUILD)/pyjail-screen
PROGRAMS := $(patsubst tests/live/programs/%.c,$(BUILD)/tests/programs/%,$(wildcard tests/live/programs/*.c))

# What `make deps` installs when it is missing (Debian and Ubuntu names).
DEPS := gcc make pkg-config libc6-dev linux-libc-dev libseccomp-dev libjansson-dev uthash-dev check \
        libunwind-dev libncurses-dev libvterm-dev tmux python3 python3-venv python3-numpy python3-pandas \
        procps util-linux
# CPython's own tests, for the Debian interpreter's version.
DEPS_TRANSPARENCY := libpython$(shell /usr/bin/python3 -c \
        'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)-testsuite
# Others to compare with; what is missing is left out of the table, and said.
DEPS_BENCH := strace bubblewrap proot runsc python3-numpy python3-pandas
DEPS_LINT := clang clang-tidy cppcheck libclang-rt-dev

.DEFAULT_GOAL := all
.SECONDARY:

all: pyjail $(TUI) ## build ./pyjail and ./pyjail-tui (default)

pyjail pyjail-tui: %: $(BUILD)/%
	$(Q)cp -f $< $@

$(BUILD)/pyjail: $(MAIN_OBJ) $(NO_SCREEN) $(BUILD)/libpyjail.a
	@echo "  LD   $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/pyjail-tui: $(MAIN_OBJ) $(SCREEN) $(BUILD)/libpyjail.a
	@echo "  LD   $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS_TUI) $(LDLIBS)

$(BUILD)/libpyjail.a: $(LIB_OBJ)
	@echo "  AR   $@"
	$(Q)rm -f $@ && ar rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC   $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# The control of the race tests: the same jail, but allowed opens are continued instead of brokered.
NAIVE_OBJ := $(BUILD)/naive/act.o $(BUILD)/naive/calls.o

$(BUILD)/naive/%.o: tracer/%.c
	@mkdir -p $(@D)
	@echo "  CC   $< (naive)"
	$(Q)$(CC) $(CPPFLAGS) -DPYJAIL_CONTINUE_EVERYTHING $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/pyjail-naive: $(MAIN_OBJ) $(NO_SCREEN) $(NAIVE_OBJ) $(BUILD)/libpyjail.a
	@echo "  LD   $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Wall 2 alone, for `make corpus`: the tracer lets the kernel perform every call.  Never installed.
$(BUILD)/wall2/calls.o: tracer/calls.c
	@mkdir -p $(@D)
	@echo "  CC   $< (wall 2 only)"
	$(Q)$(CC) $(CPPFLAGS) -DPYJAIL_WALL2_ONLY $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/pyjail-wall2: $(MAIN_OBJ) $(NO_SCREEN) $(BUILD)/wall2/calls.o $(BUILD)/libpyjail.a
	@echo "  LD   $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# For test_screen: in the screen's place a program that does as $$PYJAIL_SCREEN_PLAN says.
$(BUILD)/pyjail-screen: $(MAIN_OBJ) $(SCREEN) $(BUILD)/tests/screen/planned.o $(BUILD)/libpyjail.a
	@echo "  LD   $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

EMBEDDED := $(BUILD)/default_policy.inc $(BUILD)/filters_embedded.inc

# The default policy is embedded: one C string per line of the file.
$(BUILD)/default_policy.inc: filters/policies/default.policy
	@mkdir -p $(@D)
	$(Q)sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' $< > $@
$(LIB_OBJ): | $(BUILD)/default_policy.inc
$(BUILD)/filters/policy_load.o: $(BUILD)/default_policy.inc

# The filter programs of common modes are embedded too.
$(BUILD)/generators/filters: $(BUILD)/generators/filters.o \
		$(patsubst %.c,$(BUILD)/%.o,$(filter-out filters/embedded.c,$(wildcard base/*.c filters/*.c)))
	@echo "  LD   $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(BUILD)/filters_embedded.inc: $(BUILD)/generators/filters
	$(Q)ASAN_OPTIONS=detect_leaks=0 $< > $@.new && mv $@.new $@
$(BUILD)/filters/embedded.o: $(BUILD)/filters_embedded.inc

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(SUPPORT) $(BUILD)/libpyjail.a
	@echo "  LD   $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs check) $(LDLIBS_TUI) $(LDLIBS)

# What live tests run inside the jail: never sanitized, and static, so that an exec is quick.
$(BUILD)/tests/programs/%: tests/live/programs/%.c $(wildcard tests/live/programs/*.h)
	@mkdir -p $(@D)
	@echo "  CC   $<"
	$(Q)$(CC) -I. -D_GNU_SOURCE -std=gnu11 $(WARN) -O2 -static -pthread -o $@ $<

tests-build: $(TEST_BIN) $(TESTED_PYJAIL) $(PROGRAMS)

check: deps ## install what is missing, build, run every test (root runs the live ones as nobody too)
	$(Q)$(MAKE) --no-print-directory check-built

check-built: layers sizes keys tests-build
	$(Q)tests/run.sh $(BUILD)

check-asan: deps ## the same under AddressSanitizer and UndefinedBehaviorSanitizer
	$(Q)$(MAKE) --no-print-directory MODE=asan check-built

golden-update: deps ## rewrite the golden screens, then show what differs: read it before committing
	$(Q)$(MAKE) --no-print-directory $(BUILD)/tests/tui/test_golden
	$(Q)rm -f tests/tui/golden/*.screen
	$(Q)PYJAIL_GOLDEN_UPDATE=1 $(BUILD)/tests/tui/test_golden
	$(Q)git --no-pager diff --stat -- tests/tui/golden

corpus: deps ## replay every escape: both walls, each alone, as root also as nobody
	$(Q)$(MAKE) --no-print-directory corpus-built

corpus-built: $(BUILD)/pyjail $(BUILD)/pyjail-wall2
	$(Q)tests/corpus.sh $(BUILD)

compare: deps all ## the README's table of sandboxes, from a real run (RESTRICTEDPYTHON=DIR)
	$(Q)tests/compare.sh ./pyjail README.md

# Made-up memory, without Check.
FUZZ_SUPPORT := $(wildcard tests/support/image*.c)

build/fuzz/%: tests/fuzz/%.c $(LIB_SRC) $(FUZZ_SUPPORT) $(EMBEDDED)
	@mkdir -p $(@D)
	$(Q)clang $(CPPFLAGS) -std=gnu11 -g -O1 -fsanitize=fuzzer,address,undefined -o $@ $< \
	    $(FUZZ_SUPPORT) $(LIB_SRC) $(LDLIBS_TUI) $(LDLIBS)

FUZZ_SECONDS ?= 30
fuzz: deps-lint $(FUZZ_BIN) ## run each fuzzer for FUZZ_SECONDS (30)
	$(Q)for f in $(FUZZ_BIN); do echo "  FUZZ $$f"; \
	    $$f -max_total_time=$(FUZZ_SECONDS) -verbosity=0 -print_final_stats=1 || exit 1; done

build/bench/%: bench/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) -D_GNU_SOURCE -std=gnu11 $(WARN) -O2 -o $@ $<

bench: deps ## what things cost, as ratios to the least that a tracer can do (docs/SPEED.md)
	-$(Q).ci/deps.sh $(DEPS_BENCH)
	$(Q)$(MAKE) --no-print-directory all build/bench/floor
	$(Q)python3 bench/table.py ./pyjail build/bench/floor /usr/bin/python3
	$(Q)python3 bench/view.py ./pyjail /usr/bin/python3
	$(Q)python3 bench/stacks.py ./pyjail build/bench/floor /usr/bin/python3
	$(Q)python3 bench/screen.py ./pyjail /usr/bin/python3
	$(Q)python3 bench/watch.py ./pyjail /usr/bin/python3

demo: deps ## set up, build, and watch the writes of the README refused
	$(Q)$(MAKE) --no-print-directory all
	$(Q)docs/demo/demo.sh

transparency: deps ## CPython's own tests inside and outside; prints what differs
	$(Q).ci/deps.sh $(DEPS_TRANSPARENCY)
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tests/transparency/run.sh

deps: ## install missing Debian packages (root or sudo)
	$(Q).ci/deps.sh $(DEPS)

deps-lint: deps
	$(Q).ci/deps.sh $(DEPS_LINT)

lint: deps-lint $(EMBEDDED) ## clang-tidy and cppcheck, no finding allowed
	$(Q).ci/lint.sh '$(filter-out -DPYJAIL_VERSION=%,$(CPPFLAGS))' $(C_FILES)

layers: ## who may include whom
	$(Q).ci/layers.sh

keys: ## the README's table of keys is that of tui/keys.def (.ci/keys.sh write)
	$(Q).ci/keys.sh check

sizes: ## no file over 500 lines, no function over 70, median at most 15
	$(Q).ci/sizes.sh

install: all ## install into $(DESTDIR)$(PREFIX)
	install -D -m 755 pyjail $(DESTDIR)$(PREFIX)/bin/pyjail
	$(if $(TUI),install -D -m 755 pyjail-tui $(DESTDIR)$(PREFIX)/libexec/pyjail/pyjail-tui)
	install -D -m 644 docs/pyjail.1 $(DESTDIR)$(PREFIX)/share/man/man1/pyjail.1

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/pyjail $(DESTDIR)$(PREFIX)/libexec/pyjail/pyjail-tui \
	    $(DESTDIR)$(PREFIX)/share/man/man1/pyjail.1

clean: ## remove what was built
	rm -rf build pyjail pyjail-tui

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -e 's/:.*##/\t/' | expand -t 20

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

.PHONY: all tests-build check check-built check-asan golden-update corpus corpus-built compare fuzz bench demo transparency deps deps-lint lint layers \
        sizes keys install uninstall clean help
