/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the samples share: formulas, studies, options. */
#include "support/sample_parts.h"

#include "support/test.h"

double sample_inverse_logit(double y)
{
    return 1.0 / (1.0 + exp(-y));
}

void sample_set_wilson(double x, double n, double *lower, double *upper)
{
    double z2 = SAMPLE_Z * SAMPLE_Z, centre = (x + z2 / 2.0) / (n + z2);
    double half = SAMPLE_Z / (n + z2) * sqrt(x * (n - x) / n + z2 / 4.0);

    *lower = x > 0.0 ? centre - half : 0.0; /* 0 but for rounding */
    *upper = centre + half;
}

mtp_test sample_chi_square(double statistic, double df, double p, double log_p)
{
    return (mtp_test){statistic, false, df, SAMPLE_NONE, p, log_p};
}

mtp_interval sample_wald(double estimate, double se, double quantile,
                         mtp_ci_method method, double df)
{
    return (mtp_interval){.method = method,
                          .se = se,
                          .df = df,
                          .statistic = SAMPLE_NONE,
                          .p = SAMPLE_NONE,
                          .log_p = SAMPLE_NONE,
                          .lower = estimate - quantile * se,
                          .upper = estimate + quantile * se,
                          .estimate = estimate};
}

mtp_prediction sample_predict(double estimate, double se, double tau2, double quantile,
                              mtp_pi_method method, double df)
{
    double s = sqrt(tau2 + se * se);

    return (mtp_prediction){method, s, df, estimate - quantile * s,
                            estimate + quantile * s};
}

void sample_set_back(mtp_estimate *e, double (*back)(double))
{
    e->back.estimate = back(e->estimate);
    e->back.ci_lower = back(e->ci.lower);
    e->back.ci_upper = back(e->ci.upper);
    e->back.pi_lower = back(e->pi.lower);
    e->back.pi_upper = back(e->pi.upper);
    e->back.ft_n = SAMPLE_NONE;
}

void *sample_zalloc(mtp_arena *arena, size_t n, size_t size)
{
    void *memory = mtp_arena_zalloc(arena, n, size);

    assert_non_null(memory);
    return memory;
}

sample *sample_new(mtp_arena *arena, mtp_command command, const char *source,
                   size_t rows, const mtp_note notes[], size_t n_notes)
{
    sample *s = sample_zalloc(arena, 1, sizeof *s);

    s->notes = sample_zalloc(arena, n_notes + 1, sizeof *s->notes);
    for (size_t i = 0; i < n_notes; i++) {
        s->notes[i] = notes[i];
    }
    s->bundle.command = command;
    s->bundle.level = 0.95;
    s->bundle.notes = (mtp_notes){n_notes, s->notes};
    s->bundle.ledger = (mtp_ledger){
        .source = source,
        .sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        .rows = rows,
        .used = rows};
    return s;
}

/* The raw data of studies of one group. */
static void add_raw(sample *s, mtp_arena *arena)
{
    static const mtp_role role[] = {MTP_ROLE_EVENTS, MTP_ROLE_N};
    double *raw = sample_zalloc(arena, 2 * s->bundle.n_studies, sizeof *raw);

    s->bundle.n_raw = s->bundle.n_columns = 2;
    s->bundle.raw_role = role;
    for (size_t i = 0; i < s->bundle.n_studies; i++) {
        raw[2 * i] = s->studies[i].events;
        raw[2 * i + 1] = s->studies[i].n;
        s->studies[i].raw = &raw[2 * i];
    }
}

void sample_add_studies(sample *s, mtp_arena *arena, const char *const name[],
                        const double events[], const double n[], size_t k)
{
    s->studies = sample_zalloc(arena, k, sizeof *s->studies);
    s->bundle.studies = s->studies;
    s->bundle.n_studies = k;
    for (size_t i = 0; i < k; i++) {
        mtp_study *study = &s->studies[i];

        *study = (mtp_study){.row = i + 1,
                             .line = i + 2,
                             .name = name[i],
                             .events = events ? events[i] : SAMPLE_NONE,
                             .n = n ? n[i] : SAMPLE_NONE,
                             .time = SAMPLE_NONE,
                             .weight_common = SAMPLE_NONE,
                             .weight_random = SAMPLE_NONE,
                             .observed = {SAMPLE_NONE, SAMPLE_NONE, SAMPLE_NONE, NULL}};
    }
    if (events) {
        add_raw(s, arena);
    }
}

void sample_set_effect(mtp_study *s, double yi, double vi, double (*back)(double))
{
    s->yi = yi;
    s->vi = vi;
    s->sei = sqrt(vi);
    s->ci_lower = yi - SAMPLE_Z * s->sei;
    s->ci_upper = yi + SAMPLE_Z * s->sei;
    s->back.estimate = back(s->yi);
    s->back.ci_lower = back(s->ci_lower);
    s->back.ci_upper = back(s->ci_upper);
}

void sample_set_logits(sample *s)
{
    for (size_t i = 0; i < s->bundle.n_studies; i++) {
        mtp_study *study = &s->studies[i];
        double x = study->events, n = study->n;

        study->corrected = x == 0.0 || x == n;
        study->observed.estimate = x / n;
        study->observed.ci_method = "wilson";
        sample_set_wilson(x, n, &study->observed.ci_lower, &study->observed.ci_upper);
        if (study->corrected) {
            x += 0.5;
            n += 1.0;
        }
        sample_set_effect(study, log(x / (n - x)), 1.0 / x + 1.0 / (n - x),
                          sample_inverse_logit);
    }
}

mtp_heterogeneity sample_no_heterogeneity(void)
{
    mtp_heterogeneity h = {.Q = SAMPLE_NONE,
                           .df = SAMPLE_NONE,
                           .p = SAMPLE_NONE,
                           .log_p = SAMPLE_NONE,
                           .tau2 = SAMPLE_NONE,
                           .tau2_se = SAMPLE_NONE,
                           .tau = SAMPLE_NONE,
                           .I2 = SAMPLE_NONE,
                           .H2 = SAMPLE_NONE,
                           .I2_Q = SAMPLE_NONE,
                           .vt = SAMPLE_NONE,
                           .ci = {.method = "qp",
                                  .status = MTP_SET_UNDEFINED,
                                  .tau2 = {SAMPLE_NONE, SAMPLE_NONE},
                                  .tau = {SAMPLE_NONE, SAMPLE_NONE},
                                  .I2 = {SAMPLE_NONE, SAMPLE_NONE},
                                  .H2 = {SAMPLE_NONE, SAMPLE_NONE}},
                           .LRT = SAMPLE_NONE,
                           .LRT_df = SAMPLE_NONE,
                           .LRT_p = SAMPLE_NONE,
                           .LRT_log_p = SAMPLE_NONE,
                           .tau2_statistic = SAMPLE_NONE,
                           .tau2_p = SAMPLE_NONE};

    h.intervals[h.n_intervals++] = h.ci;
    return h;
}

void sample_set_options(sample *s, const mtp_effective_option options[], size_t n)
{
    s->bundle.options = options;
    s->bundle.n_options = n;
}

void sample_set_glmm_options(sample *s)
{
    static const mtp_effective_option options[] = {
        SAMPLE_WORD("study", "study"),         SAMPLE_WORD("events", "deaths"),
        SAMPLE_WORD("n", "patients"),          SAMPLE_WORD("where", NULL),
        SAMPLE_WORD("by", "entity"),           SAMPLE_WORD("measure", "PLO"),
        SAMPLE_NUMBER("add", "0.5"),           SAMPLE_WORD("to", "only0"),
        SAMPLE_WORD("method", "glmm"),         SAMPLE_WORD("tau2", "ML"),
        SAMPLE_WORD("tau2-scope", "separate"), SAMPLE_WORD("ci", "wald"),
        SAMPLE_WORD("predict", "v"),           SAMPLE_NUMBER("null", NULL),
        SAMPLE_NUMBER("level", "95"),          SAMPLE_NUMBER("nodes", "7")};

    sample_set_options(s, options, sizeof options / sizeof *options);
}

mtp_pool_options sample_pool_options(mtp_method method, mtp_tau2_method tau2)
{
    return (mtp_pool_options){.size = sizeof(mtp_pool_options),
                              .method = method,
                              .tau2 = tau2,
                              .ci = MTP_CI_WALD,
                              .predict = MTP_PI_AUTO,
                              .level = 0.95,
                              .null_value = SAMPLE_NONE,
                              .nodes = method == MTP_METHOD_GLMM ? 7 : 0,
                              .threads = 1};
}
