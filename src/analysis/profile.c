/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/profile.h"

#include "core/error.h"

#include <math.h>
#include <string.h>

/* For which data a default stands. */
typedef enum data_kind {
    ANY,
    TABLES,     /* OR, RR, RD */
    RATES,      /* IRR, IRD */
    PETO,       /* Peto's odds ratio */
    MIXED,      /* one group with a mixed model: PLO, IRLN */
    TWO_COUNTS, /* any measure of the counts of two groups */
} data_kind;

typedef struct profile_default {
    mtp_option_index option;
    data_kind kind;
    const char *value;
} profile_default;

enum { DEFAULTS_MAX = 12 };

/* What no option stands for, and the measures that it touches; NULL: any. */
typedef struct profile_gap {
    const char *codes, *text;
} profile_gap;

enum { GAPS_MAX = 3 };

typedef struct profile_row {
    const char *program, *version;
    const char *source;
    const char *codes; /* the measures of the program; NULL: all that metapool has */
    profile_gap gap[GAPS_MAX];
    size_t n;
    profile_default defaults[DEFAULTS_MAX]; /* of an option the first that fits */
} profile_row;

/* In the order of the choices of --profile. */
static const profile_row rows[] = {
    {"metafor",
     "5.1",
     "help pages of escalc, rma.uni and predict.rma; Viechtbauer (2010), "
     "doi:10.18637/jss.v036.i03",
     NULL,
     {{NULL, NULL}},
     5,
     {{MTP_OPT_METHOD, ANY, "inverse"},
      {MTP_OPT_TAU2, ANY, "REML"},
      {MTP_OPT_CI, ANY, "wald"},
      {MTP_OPT_PREDICT, ANY, "wald"},
      {MTP_OPT_KEEP00, TWO_COUNTS, "true"}}},
    {"meta",
     "8.4",
     "help pages of metabin, metainc, metaprop, metarate, metagen and settings.meta; "
     "Balduzzi et al. (2019), doi:10.1136/ebmental-2019-300117",
     "OR RR RD AS PETO IRR IRD IRSD MD SMD ROM MN MNLN COR ZCOR PLO PLN PR PAS PFT IR "
     "IRLN IRS IRFT GEN HR ",
     {{NULL, "I^2 from Q as the main figure (here \"I^2 from Q\")"},
      {"SMD", "its standard error of SMD"},
      {"RR", "half of the correction in the totals of RR where a cell is empty"}},
     9,
     {{MTP_OPT_METHOD, TABLES, "mh"},
      {MTP_OPT_METHOD, RATES, "mh"},
      {MTP_OPT_METHOD, PETO, "peto"},
      {MTP_OPT_METHOD, MIXED, "glmm"},
      {MTP_OPT_METHOD, ANY, "inverse"},
      {MTP_OPT_MH_ADD, TABLES, "0.5"},
      {MTP_OPT_NODES, MIXED, "7"},
      {MTP_OPT_CI, ANY, "wald"},
      {MTP_OPT_PREDICT, ANY, "v"}}},
    {"RevMan",
     "5.4",
     "Cochrane Handbook 5.1 (2011), sections 9.4.4, 9.4.10 and 16.9.2; Deeks & Higgins "
     "(2010), Statistical algorithms in Review Manager 5",
     "OR RR RD PETO MD SMD GEN HR OE ",
     {{NULL, "I^2 from Q as the main figure (here \"I^2 from Q\")"},
      {"SMD", "its approximate small-sample correction and standard error of SMD"},
      {"PETO", "random effects of PETO do not exist there"}},
     7,
     {{MTP_OPT_METHOD, TABLES, "mh"},
      {MTP_OPT_METHOD, PETO, "peto"},
      {MTP_OPT_METHOD, ANY, "inverse"},
      {MTP_OPT_MH_ADD, TABLES, "0.5"},
      {MTP_OPT_TAU2, ANY, "DL"},
      {MTP_OPT_CI, ANY, "wald"},
      {MTP_OPT_PREDICT, ANY, "none"}}},
    {"RevMan Web",
     "2025",
     "Cochrane Methods, Random-effects meta-analysis methods for intervention reviews "
     "(updates of May 2024 and January 2025); its choices for new analyses, which an "
     "author can change",
     "OR RR RD PETO MD SMD GEN HR OE ",
     {{"SMD", "its approximate small-sample correction and standard error of SMD"},
      {"PETO", "random effects of PETO do not exist there"}},
     6,
     {{MTP_OPT_METHOD, TABLES, "mh"},
      {MTP_OPT_METHOD, PETO, "peto"},
      {MTP_OPT_METHOD, ANY, "inverse"},
      {MTP_OPT_MH_ADD, TABLES, "0.5"},
      {MTP_OPT_TAU2, ANY, "REML"},
      {MTP_OPT_CI, ANY, "hksj"}}},
    {"Stata meta",
     "18",
     "Stata Meta-Analysis Reference Manual, meta esize, meta set and meta summarize",
     "OR RR RD PETO MD SMD COR ZCOR PR PLO PFT GEN HR ",
     {{"SMD", "its approximate small-sample correction and standard error of SMD"}},
     7,
     {{MTP_OPT_METHOD, TABLES, "mh"},
      {MTP_OPT_METHOD, PETO, "peto"},
      {MTP_OPT_METHOD, ANY, "inverse"},
      {MTP_OPT_TAU2, ANY, "REML"},
      {MTP_OPT_CI, ANY, "wald"},
      {MTP_OPT_PREDICT, ANY, "none"},
      {MTP_OPT_KEEP00, TWO_COUNTS, "true"}}},
    {"JASP",
     "0.19",
     "form of the classical meta-analysis (ClassicalMetaAnalysis.qml of "
     "jaspMetaAnalysis), "
     "effects by metafor's escalc",
     NULL,
     {{NULL, NULL}},
     4,
     {{MTP_OPT_METHOD, ANY, "inverse"},
      {MTP_OPT_TAU2, ANY, "REML"},
      {MTP_OPT_CI, ANY, "hksj"},
      {MTP_OPT_KEEP00, TWO_COUNTS, "true"}}},
};

static const profile_row *row_of(const mtp_request *request)
{
    return &rows[mtp_option_choice(MTP_OPT_PROFILE, request->given[MTP_OPT_PROFILE])];
}

static bool fits_data(data_kind kind, const mtp_measure_info *measure)
{
    bool counts = measure->input == MTP_INPUT_TWO_EVENTS_N;

    switch (kind) {
    case TABLES:
        return measure->measure == MTP_OR || measure->measure == MTP_RR ||
               measure->measure == MTP_RD;
    case RATES:
        return measure->measure == MTP_IRR || measure->measure == MTP_IRD;
    case PETO:
        return measure->measure == MTP_PETO;
    case MIXED:
        return measure->glmm;
    case TWO_COUNTS:
        return counts || measure->input == MTP_INPUT_TWO_EVENTS_TIME;
    case ANY:
        break;
    }
    return true;
}

/* Whether an option goes with the method in force; a mixed model has no tau2 but ML,
 * and its intervals are Wald's. */
static bool fits_method(mtp_option_index option, const char *value, int method)
{
    bool mixed = method == MTP_METHOD_GLMM;
    bool beta_binomial = method == MTP_METHOD_BETABINOMIAL;

    switch (option) {
    case MTP_OPT_MH_ADD:
        return method == MTP_METHOD_MH;
    case MTP_OPT_NODES:
        return mixed;
    case MTP_OPT_TAU2:
        return !mixed && !beta_binomial;
    case MTP_OPT_PREDICT:
        return !beta_binomial;
    case MTP_OPT_CI:
        return (!mixed && !beta_binomial) || strcmp(value, "wald") == 0;
    default:
        return true;
    }
}

/* Clusters go with inverse variances and the robust interval alone. */
static bool fits_clusters(const mtp_request *request, mtp_option_index option,
                          const char *value)
{
    return !request->given[MTP_OPT_CLUSTER] ||
           (option != MTP_OPT_CI &&
            (option != MTP_OPT_METHOD || strcmp(value, "inverse") == 0));
}

/* Ready-made effects have no counts to be pooled by. */
static bool has_counts(const mtp_request *request)
{
    return !request->given[MTP_OPT_YI] && !request->given[MTP_OPT_ESTIMATE];
}

void mtp_profile_fill(const mtp_request *request, mtp_request *filled)
{
    const profile_row *row = row_of(request);
    const char *code = request->given[MTP_OPT_MEASURE];
    const mtp_measure_info *measure = mtp_measure_from_code(code ? code : "GEN");

    *filled = *request;
    for (size_t i = 0; measure && i < row->n; i++) {
        const profile_default *d = &row->defaults[i];
        int method = mtp_option_choice(MTP_OPT_METHOD, filled->given[MTP_OPT_METHOD]);

        if (!filled->given[d->option] && fits_data(d->kind, measure) &&
            (d->kind == ANY || has_counts(request)) &&
            fits_clusters(request, d->option, d->value) &&
            fits_method(d->option, d->value, method)) {
            filled->given[d->option] = d->value;
        }
    }
}

/* Whether a list of codes with blanks after them names a measure; NULL names all. */
static bool names(const char *codes, const mtp_measure_info *measure)
{
    size_t length = strlen(measure->code);
    const char *at = codes;

    while (at && *at &&
           !(strncmp(at, measure->code, length) == 0 && strchr(" ", at[length]))) {
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    return !codes || *at;
}

/* What is not reproduced of this measure, in one text; NULL: nothing. */
static const char *gaps_of(const profile_row *row, const mtp_measure_info *measure,
                           mtp_arena *arena, bool *failed)
{
    const char *text = NULL;

    for (size_t g = 0; g < GAPS_MAX && !*failed; g++) {
        const profile_gap *gap = &row->gap[g];

        if (gap->text && names(gap->codes, measure)) {
            text =
                text ? mtp_arena_printf(arena, "%s; %s", text, gap->text) : gap->text;
            *failed = !text;
        }
    }
    return text;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* Adds an option whose values differ; false without memory. */
static bool add_difference(mtp_arena *arena, const mtp_effective_option *ours,
                           const mtp_effective_option *theirs,
                           mtp_profile_difference *difference)
{
    difference->option = mtp_arena_strdup(arena, theirs->name);
    difference->ours = ours->value ? mtp_arena_strdup(arena, ours->value) : NULL;
    difference->theirs = theirs->value ? mtp_arena_strdup(arena, theirs->value) : NULL;
    return difference->option && !ours->value == !difference->ours &&
           !theirs->value == !difference->theirs;
}

static mtp_profile_mean mean_of(const mtp_bundle *bundle)
{
    const mtp_estimate *random;

    if (!bundle || !bundle->pool->overall.exists) {
        return (mtp_profile_mean){(double)NAN, (double)NAN, (double)NAN};
    }
    random = &bundle->pool->overall.random;
    return (mtp_profile_mean){random->back.estimate, random->back.ci_lower,
                              random->back.ci_upper};
}

mtp_status mtp_profile_compare(const mtp_request *request, const mtp_bundle *ours,
                               const mtp_bundle *theirs, mtp_arena *arena,
                               const mtp_profile **profile, mtp_error *err)
{
    const profile_row *row = row_of(request);
    mtp_profile *p = MTP_ARENA_NEW(arena, mtp_profile);
    mtp_profile_difference *list =
        MTP_ARENA_ARRAY(arena, theirs->n_options + 1, mtp_profile_difference);
    const char *name = mtp_arena_strdup(arena, request->given[MTP_OPT_PROFILE]);
    bool failed = false;
    const char *gaps = gaps_of(row, theirs->measure, arena, &failed);
    size_t n = 0;

    if (!p || !list || !name || failed) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; ours && i < theirs->n_options; i++) {
        if (!same_text(ours->options[i].value, theirs->options[i].value) &&
            !add_difference(arena, &ours->options[i], &theirs->options[i],
                            &list[n++])) {
            return mtp_fail_nomem(err);
        }
    }
    *p = (mtp_profile){.name = name,
                       .program = row->program,
                       .version = row->version,
                       .source = row->source,
                       .knows_measure = names(row->codes, theirs->measure),
                       .not_reproduced = gaps,
                       .n_differences = n,
                       .differences = list,
                       .ours = mean_of(ours),
                       .theirs = mean_of(theirs)};
    *profile = p;
    return MTP_OK;
}
