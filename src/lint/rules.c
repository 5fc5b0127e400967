/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lint/rules.h"

#include "core/ascii.h"

#include <assert.h>

static const mtp_lint_rule rules[MTP_LINT_RULE_COUNT] = {
#define RULE(name, id, text, severity, roles, reason, remedy, source)                  \
    [MTP_LINT_##name] = {id, text, MTP_LINT_##severity, roles, reason, remedy, source},
    MTP_LINT_RULE_LIST(RULE)
#undef RULE
};

size_t mtp_lint_rule_count(void)
{
    return MTP_LINT_RULE_COUNT;
}

const mtp_lint_rule *mtp_lint_rule_get(size_t index)
{
    assert(index < MTP_LINT_RULE_COUNT);
    return &rules[index];
}

const mtp_lint_rule *mtp_lint_rule_find(const char *id_or_name)
{
    for (size_t i = 0; i < MTP_LINT_RULE_COUNT; i++) {
        if (mtp_ascii_same(rules[i].id, id_or_name) ||
            mtp_ascii_same(rules[i].name, id_or_name)) {
            return &rules[i];
        }
    }
    return NULL;
}

const char *mtp_lint_severity_id(mtp_lint_severity severity)
{
    static const char *const id[] = {"info", "warning", "error"};

    return id[severity];
}

const char *mtp_lint_status_id(mtp_lint_status status)
{
    static const char *const id[] = {"found", "clean", "not_applicable", "ignored"};

    return id[status];
}
