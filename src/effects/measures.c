/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The measure registry: what each code means, in words and formulas. */
#include "metapool/effects.h"

#include "core/ascii.h"

#include <math.h>

#define DEFINITIONS "Viechtbauer (2010), doi:10.18637/jss.v036.i03"
#define ANSCOMBE    "Anscombe (1948), doi:10.1093/biomet/35.3-4.246"
#define DOUBLE_ROOT "Freeman & Tukey (1950), doi:10.1214/aoms/1177729756"

/* What the measures of a proportion, and those of a rate, have in common. */
#define PROPORTION(id)                                                                 \
    .measure = MTP_##id, .code = #id, .natural = "proportion",                         \
    .input = MTP_INPUT_EVENTS_N, .groups = 1, .lower = 0.0, .upper = 1.0
#define RATE(id)                                                                       \
    .measure = MTP_##id, .code = #id, .natural = "rate",                               \
    .input = MTP_INPUT_EVENTS_TIME, .groups = 1, .lower = 0.0,                         \
    .upper = (double)INFINITY

/* clang-format off */
static const mtp_measure_info registry[MTP_MEASURE_COUNT] = {
    [MTP_GEN] = {
        .measure = MTP_GEN, .code = "GEN", .natural = "effect",
        .input = MTP_INPUT_GENERIC, .groups = 0, .lower = -(double)INFINITY, .upper = (double)INFINITY,
        .name = "ready-made effect", .scale = "as given", .inverse = "none",
        .yi = "yi", .vi = "vi, or sei^2, or ((upper - lower) / (2 z))^2",
        .source = DEFINITIONS, .add = 0.0},
    [MTP_PR] = {
        PROPORTION(PR),
        .name = "raw proportion", .scale = "proportion", .inverse = "none",
        .yi = "x / n", .vi = "p (1 - p) / n",
        .source = DEFINITIONS, .add = 0.5},
    [MTP_PLN] = {
        PROPORTION(PLN),
        .name = "log-transformed proportion", .scale = "log proportion",
        .inverse = "exponential",
        .yi = "log(x / n)", .vi = "1 / x - 1 / n",
        .source = DEFINITIONS, .add = 0.5},
    [MTP_PLO] = {
        PROPORTION(PLO), .glmm = true,
        .name = "logit-transformed proportion", .scale = "logit",
        .inverse = "inverse logit",
        .yi = "log(x / (n - x))", .vi = "1 / x + 1 / (n - x)",
        .source = DEFINITIONS, .add = 0.5},
    [MTP_PRZ] = {
        PROPORTION(PRZ),
        .name = "probit-transformed proportion", .scale = "probit",
        .inverse = "normal distribution function",
        .yi = "z with Phi(z) = x / n", .vi = "2 pi p (1 - p) exp(z^2) / n",
        .source = DEFINITIONS, .add = 0.5},
    [MTP_PAS] = {
        PROPORTION(PAS),
        .name = "arcsine square root transformed proportion",
        .scale = "arcsine square root", .inverse = "squared sine",
        .yi = "asin(sqrt(x / n))", .vi = "1 / (4 n)",
        .source = ANSCOMBE, .add = 0.0},
    [MTP_PFT] = {
        PROPORTION(PFT),
        .name = "Freeman-Tukey double arcsine transformed proportion",
        .scale = "double arcsine", .inverse = "inverse double arcsine (Miller)",
        .yi = "(asin(sqrt(x / (n + 1))) + asin(sqrt((x + 1) / (n + 1)))) / 2",
        .vi = "1 / (4 n + 2)",
        .source = DOUBLE_ROOT, .add = 0.0},
    [MTP_IR] = {
        RATE(IR),
        .name = "raw incidence rate", .scale = "rate", .inverse = "none",
        .yi = "x / t", .vi = "x / t^2",
        .source = DEFINITIONS, .add = 0.5},
    [MTP_IRLN] = {
        RATE(IRLN), .glmm = true,
        .name = "log-transformed incidence rate", .scale = "log rate",
        .inverse = "exponential",
        .yi = "log(x / t)", .vi = "1 / x",
        .source = DEFINITIONS, .add = 0.5},
    [MTP_IRS] = {
        RATE(IRS),
        .name = "square root transformed incidence rate",
        .scale = "square root of the rate", .inverse = "square",
        .yi = "sqrt(x / t)", .vi = "1 / (4 t)",
        .source = ANSCOMBE, .add = 0.0},
    [MTP_IRFT] = {
        RATE(IRFT),
        .name = "Freeman-Tukey transformed incidence rate",
        .scale = "double square root of the rate",
        .inverse = "inverse double square root",
        .yi = "(sqrt(x / t) + sqrt((x + 1) / t)) / 2", .vi = "1 / (4 t)",
        .source = DOUBLE_ROOT, .add = 0.0},
};
/* clang-format on */

const mtp_measure_info *mtp_measure_get(mtp_measure measure)
{
    return (unsigned)measure < MTP_MEASURE_COUNT ? &registry[measure] : NULL;
}

const mtp_measure_info *mtp_measure_from_code(const char *code)
{
    for (size_t m = 0; code && m < MTP_MEASURE_COUNT; m++) {
        if (mtp_ascii_same(code, registry[m].code)) {
            return &registry[m];
        }
    }
    return NULL;
}
