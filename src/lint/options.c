/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lint/options.h"

#include "core/error.h"
#include "core/nearest.h"
#include "core/number.h"

#include <string.h>

/* The rule that a word names; a family by its first digits, "L1". */
static bool names(const mtp_lint_rule *rule, const char *word)
{
    size_t length = strlen(word);
    const mtp_lint_rule *found = mtp_lint_rule_find(word);

    return found ? found == rule
                 : length == 2 && (word[0] == 'L' || word[0] == 'l') &&
                       word[1] == rule->id[1];
}

static mtp_status unknown(const char *option, const char *word, mtp_error *err)
{
    const char *name[MTP_LINT_RULE_COUNT];
    size_t near;

    for (size_t i = 0; i < MTP_LINT_RULE_COUNT; i++) {
        name[i] = mtp_lint_rule_get(i)->name;
    }
    near = mtp_nearest_name(word, MTP_LINT_RULE_COUNT, name);
    return mtp_fail(err, MTP_E_ARG,
                    "--%s %s: no such rule%s%s%s; 'metapool help rules' lists them",
                    option, word, near < MTP_LINT_RULE_COUNT ? "; did you mean " : "",
                    near < MTP_LINT_RULE_COUNT ? name[near] : "",
                    near < MTP_LINT_RULE_COUNT ? "?" : "");
}

static mtp_status mark(const char *option, const char *word, bool marked[],
                       mtp_error *err)
{
    bool any = false;

    for (size_t i = 0; i < MTP_LINT_RULE_COUNT; i++) {
        if (names(mtp_lint_rule_get(i), word)) {
            marked[i] = any = true;
        }
    }
    return any ? MTP_OK : unknown(option, word, err);
}

/* The rules of a list: given several times, and with commas. */
static mtp_status read_list(const mtp_request *request, mtp_option_index index,
                            bool marked[], mtp_error *err)
{
    const char *at = request->given[index];
    mtp_status status = MTP_OK;

    while (status == MTP_OK && at && *at) {
        char word[MTP_ERROR_COLUMN];
        size_t length = strcspn(at, ",\n");
        size_t trimmed = length;
        const char *from = mtp_number_trim(at, &trimmed);

        if (trimmed >= sizeof word) {
            trimmed = sizeof word - 1;
        }
        memcpy(word, from, trimmed);
        word[trimmed] = '\0';
        status = mark(mtp_option_get(index)->name, word, marked, err);
        at += length;
        at += *at != '\0';
    }
    return status;
}

mtp_status mtp_lint_options(const mtp_request *request,
                            bool wanted[MTP_LINT_RULE_COUNT], mtp_lint_result *result,
                            mtp_error *err)
{
    bool only[MTP_LINT_RULE_COUNT] = {false}, ignored[MTP_LINT_RULE_COUNT] = {false};
    bool all = !mtp_request_has(request, MTP_OPT_ONLY_RULES);
    mtp_status status = read_list(request, MTP_OPT_ONLY_RULES, only, err);
    int fail_on = mtp_request_choice(request, MTP_OPT_FAIL_ON);

    if (status == MTP_OK) {
        status = read_list(request, MTP_OPT_IGNORE_RULES, ignored, err);
    }
    for (size_t i = 0; i < MTP_LINT_RULE_COUNT; i++) {
        wanted[i] = (all || only[i]) && !ignored[i];
    }
    result->fail_on = fail_on == 0   ? MTP_LINT_ERROR
                      : fail_on == 1 ? MTP_LINT_WARNING
                                     : MTP_LINT_INFO;
    result->never = fail_on == 3;
    return status;
}

mtp_status mtp_lint_list_options(const mtp_request *request, mtp_arena *arena,
                                 mtp_lint_result *result, mtp_error *err)
{
    mtp_effective_option *list =
        MTP_ARENA_ARRAY(arena, MTP_OPT_COUNT, mtp_effective_option);
    size_t n = 0;

    for (unsigned i = 0; list && i < MTP_OPT_COUNT; i++) {
        const mtp_option_info *info = mtp_option_get((mtp_option_index)i);
        const char *value = request->given[i];
        double number;

        if (!value || !info->changes_numbers) {
            continue;
        }
        list[n++] = (mtp_effective_option){
            info->name, mtp_arena_strdup(arena, value),
            (info->kind == MTP_VALUE_NUMBER || info->kind == MTP_VALUE_WHOLE ||
             info->kind == MTP_VALUE_CHOICE_OR_NUMBER) &&
                mtp_number_parse(value, strlen(value), &number) == MTP_NUMBER_OK,
            info->kind == MTP_VALUE_FLAG, info->kind == MTP_VALUE_LIST};
        if (!list[n - 1].value) {
            list = NULL;
        }
    }
    if (!list) {
        return mtp_fail_nomem(err);
    }
    result->options = list;
    result->n_options = n;
    return MTP_OK;
}
