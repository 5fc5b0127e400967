/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What papers print in place of raw data, as lines that make the raw data. */
#include "explain/work.h"

#include <stdlib.h>
#include <string.h>

enum { SOURCES = 6 };

/* $0 is the target, $1 and on its sources; `many` of them, the first beginning so. $g
 * is the group of the target. */
typedef struct rule {
    const char *target; /* the role, or what it begins with and a star */
    const char *first;
    size_t many;
    const char *lines;
} rule;

static const rule rules[] = {
    {"events1", "cell-a", 1, "$0 = $1"},
    {"events2", "cell-c", 1, "$0 = $1"},
    {"n1", "cell-a", 2, "$0 = $1 + $2"},
    {"n2", "cell-c", 2, "$0 = $1 + $2"},
    {"r", "stat", 2, "$0 = $1 / sqrt($1^2 + $2 - 2)"},
    {"r", "stat", 3, "$0 = $1 / sqrt($1^2 + $2 - $3 - 1)"},
    {"r", "stat", 4, "$0 = $1 * sqrt((1 - $4) / ($2 - $3 - 1))"},
    {"mean*", "min", 6,
     "a$g_1 = 2.2 / (2.2 + $6^0.75); a$g_2 = 0.7 - 0.72 / $6^0.55; "
     "$0 = a$g_1 * ($1 + $5) / 2 + a$g_2 * ($2 + $4) / 2 + (1 - a$g_1 - a$g_2) * $3"},
    {"mean*", "q1", 4,
     "a$g_1 = 0.7 + 0.39 / $4; $0 = a$g_1 * ($1 + $3) / 2 + (1 - a$g_1) * $2"},
    {"mean*", "min", 4,
     "a$g_1 = 4 / (4 + $4^0.75); $0 = a$g_1 * ($1 + $3) / 2 + (1 - a$g_1) * $2"},
    {"sd*", "se", 2, "$0 = $1 * sqrt($2)"},
    {"sd*", "min", 5,
     "b$g_1 = 1 / (1 + 0.07 * $5^0.6); "
     "b$g_2 = ($4 - $1) / (2 * z(($5 - 0.375) / ($5 + 0.25))); "
     "b$g_3 = ($3 - $2) / (2 * z((0.75 * $5 - 0.125) / ($5 + 0.25))); "
     "$0 = b$g_1 * b$g_2 + (1 - b$g_1) * b$g_3"},
    {"sd*", "q1", 3, "$0 = ($2 - $1) / (2 * z((0.75 * $3 - 0.125) / ($3 + 0.25)))"},
    {"sd*", "min", 3, "$0 = ($2 - $1) / (2 * z(($3 - 0.375) / ($3 + 0.25)))"},
    {"sd-change", "sd1", 3, "$0 = sqrt($1^2 + $2^2 - 2 * $3 * $1 * $2)"},
    {"yi", "estimate", 1, "$0 = ln($1)"},
    {"yi", "stat", 3, "d = $1 * sqrt(1 / $2 + 1 / $3)"},
    {"sei", "estimate", 3, "$0 = ln($3 / $2) / (2 * z_in)"},
    {"sei", "ci-lower", 2, "$0 = ($2 - $1) / (2 * z_in)"},
    {"sei", "yi", 2, "$0 = $1 / $2"}, /* by the statistic; of p below */
    {"vi", "sei", 1, "$0 = $1^2"},
};

static const char by_p[] = "z_p = z(1 - $2 / 2); $0 = abs($1) / z_p";

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static bool is_target(const char *pattern, const char *target)
{
    size_t length = strcspn(pattern, "*");

    return pattern[length] == '*'
               ? strncmp(pattern, target, length) == 0 && !strchr(target, '-')
               : strcmp(pattern, target) == 0;
}

static const char *symbol_of(const char *role)
{
    for (int r = 0; r < MTP_ROLE_COUNT; r++) {
        if (strcmp(mtp_role_id((mtp_role)r), role) == 0) {
            return mtp_explain_symbol((mtp_role)r);
        }
    }
    return NULL;
}

/* "1" of "mean1"; "" of "mean". */
static const char *group_of(const char *role)
{
    size_t length = strlen(role);

    return length > 0 && strchr("12", role[length - 1]) ? role + length - 1 : "";
}

/* The lines with symbols in place of $0, $1, ... */
static const char *fill(mtp_arena *arena, const char *lines, const char *target,
                        char *const source[])
{
    mtp_strbuf out;
    const char *made;

    mtp_strbuf_init(&out);
    for (const char *at = lines; *at; at++) {
        const char *name;

        if (*at != '$') {
            mtp_strbuf_add_char(&out, *at);
            continue;
        }
        at++;
        name = *at == 'g' ? group_of(target)
                          : symbol_of(*at == '0' ? target : source[*at - '1']);
        mtp_strbuf_add(&out, name ? name : "");
    }
    made = out.failed ? NULL : mtp_arena_strdup(arena, out.text);
    mtp_strbuf_free(&out);
    return made;
}

/* Split at ", " in place. */
static size_t split(char *text, char *part[SOURCES])
{
    size_t n = 0;

    while (text && n < SOURCES) {
        char *comma = strstr(text, ", ");

        part[n++] = text;
        if (comma) {
            *comma = '\0';
            comma += 2;
        }
        text = comma;
    }
    return n;
}

const char *mtp_explain_derivation(mtp_arena *arena, const char *target,
                                   const char *from)
{
    char *copy = target && from ? mtp_arena_strdup(arena, from) : NULL;
    char *source[SOURCES];
    size_t n = copy ? split(copy, source) : 0;

    for (size_t i = 0; n > 0 && i < sizeof rules / sizeof *rules; i++) {
        const rule *r = &rules[i];

        if (is_target(r->target, target) && r->many == n &&
            begins(source[0], r->first)) {
            bool p = n == 2 && strcmp(source[1], "p") == 0;

            return fill(arena, p ? by_p : r->lines, target, source);
        }
    }
    return NULL;
}
