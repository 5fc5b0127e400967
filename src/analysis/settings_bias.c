/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small-study effects: which analyses, and how, out of a request. */
#include "analysis/settings.h"
#include "core/error.h"
#include "core/strbuf.h"

#include <stdio.h>
#include <string.h>

enum { CHOICES_MAX = 16, NAME_MAX_BYTES = 32, CHOICES_TEXT = 256 };

/* The choices of a list option, each once, in the order in which they were given. */
typedef struct choices {
    size_t n;
    int item[CHOICES_MAX];
} choices;

static mtp_status unknown(mtp_option_index option, const char *name, size_t length,
                          mtp_error *err)
{
    const mtp_option_info *info = mtp_option_get(option);
    char known[CHOICES_TEXT];
    size_t n = 0;

    for (const char *at = info->choices; at[0] && at[1] && n + 3 < sizeof known; at++) {
        known[n++] = *at == '|' ? ',' : *at;
        if (*at == '|') {
            known[n++] = ' ';
        }
    }
    known[n] = '\0';
    return mtp_fail(err, MTP_E_ARG, "--%s %.*s: not known; give one or more of %s",
                    info->name, (int)length, name, known);
}

static void add_choice(choices *list, int item)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->item[i] == item) {
            return;
        }
    }
    list->item[list->n++] = item;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* "egger, begg", and what further values of the option add. */
static mtp_status read_choices(const mtp_request *r, mtp_option_index option,
                               choices *list, mtp_error *err)
{
    *list = (choices){0};
    for (const char *at = r->given[option]; at && *at;) {
        size_t length = strcspn(at, ",\n"), end = length;
        char name[NAME_MAX_BYTES] = "";
        const char *from = at;
        int which;

        for (; end > 0 && is_blank(*from); end--) {
            from++;
        }
        while (end > 0 && is_blank(from[end - 1])) {
            end--;
        }
        if (end < sizeof name) {
            memcpy(name, from, end);
        }
        if (end == 0) {
            return mtp_fail(err, MTP_E_ARG,
                            "--%s: a name is missing between the commas",
                            mtp_option_get(option)->name);
        }
        which = mtp_option_choice(option, name);
        if (which < 0) {
            return unknown(option, from, end, err);
        }
        add_choice(list, which);
        at += length + (at[length] != '\0');
    }
    return MTP_OK;
}

/* A name at the end of the lines of a list. */
static void add_line(char list[MTP_BIAS_LIST_TEXT], const char *name)
{
    size_t length = strlen(list);

    (void)snprintf(list + length, MTP_BIAS_LIST_TEXT - length, "%s%s",
                   length ? "\n" : "", name);
}

static mtp_status resolve_tests(const mtp_request *r, mtp_settings *s, mtp_error *err)
{
    mtp_bias_settings *b = &s->bias;
    choices list;
    mtp_status status = read_choices(r, MTP_OPT_BIAS_TEST, &list, err);

    if (status != MTP_OK) {
        return status;
    }
    for (size_t i = 0; i < list.n; i++) {
        if (list.item[i] == (int)MTP_ASYMMETRY_COUNT) { /* the choice after the tests */
            b->every_test = true;
        } else {
            b->test[b->n_tests++] = (mtp_asymmetry_test)list.item[i];
        }
    }
    b->default_test = list.n == 0;
    if (b->every_test) {
        add_line(b->tests, "all");
    } else if (b->default_test) {
        add_line(b->tests,
                 mtp_asymmetry_id(mtp_asymmetry_default(s->measure->measure)));
    }
    for (size_t i = 0; i < b->n_tests && !b->every_test; i++) {
        add_line(b->tests, mtp_asymmetry_id(b->test[i]));
    }
    return MTP_OK;
}

static bool has_test(const mtp_bias_settings *b, const mtp_settings *s,
                     mtp_asymmetry_test test)
{
    bool found = b->every_test || (b->default_test &&
                                   mtp_asymmetry_default(s->measure->measure) == test);

    for (size_t i = 0; i < b->n_tests; i++) {
        found = found || b->test[i] == test;
    }
    return found;
}

/* An option that no analysis of the request reads. */
static mtp_status idle(mtp_option_index option, const char *what, mtp_error *err)
{
    const char *name = mtp_option_get(option)->name;

    return mtp_fail(err, MTP_E_ARG, "--%s: %s, or leave --%s out", name, what, name);
}

static bool regression_has(mtp_ci_method ci)
{
    return ci == MTP_CI_WALD || ci == MTP_CI_T || ci == MTP_CI_HKSJ ||
           ci == MTP_CI_HKSJ_ADHOC;
}

static mtp_status resolve_regressions(const mtp_request *r, mtp_settings *s,
                                      mtp_error *err)
{
    mtp_asymmetry_options *o = &s->bias.asymmetry;
    bool egger = has_test(&s->bias, s, MTP_ASYMMETRY_EGGER);

    mtp_asymmetry_options_init(o, sizeof *o);
    o->model = (mtp_asymmetry_model)mtp_request_choice(r, MTP_OPT_EGGER_MODEL);
    o->predictor = (mtp_predictor)mtp_request_choice(r, MTP_OPT_PREDICTOR);
    o->asymptotic = strcmp(mtp_request_value(r, MTP_OPT_ASYMPTOTIC), "true") == 0;
    o->level = s->level;
    o->tau2 = s->pool.tau2;
    o->tau2_value = s->pool.tau2_value;
    if (!egger && mtp_request_has(r, MTP_OPT_EGGER_MODEL)) {
        return idle(MTP_OPT_EGGER_MODEL,
                    "it is a form of Egger's test; give --test egger", err);
    }
    if (!egger && mtp_request_has(r, MTP_OPT_PREDICTOR)) {
        return idle(MTP_OPT_PREDICTOR,
                    "Egger's test alone has a choice of predictors; give --test egger",
                    err);
    }
    if (!has_test(&s->bias, s, MTP_ASYMMETRY_BEGG) && o->asymptotic) {
        return idle(MTP_OPT_ASYMPTOTIC,
                    "the test of begg alone is exact; give --test begg", err);
    }
    if (regression_has(s->pool.ci)) {
        o->ci = s->pool.ci;
    } else if (o->model == MTP_ASYMMETRY_MIXED) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "--ci %s: a mixed-effects regression has wald, t, hksj and "
                        "hksj-adhoc; take one of them, or --egger-model lm",
                        mtp_ci_id(s->pool.ci));
    }
    return MTP_OK;
}

mtp_status mtp_settings_resolve_bias(const mtp_request *r, mtp_settings *s,
                                     mtp_error *err)
{
    mtp_status status = resolve_tests(r, s, err);

    return status == MTP_OK ? resolve_regressions(r, s, err) : status;
}
