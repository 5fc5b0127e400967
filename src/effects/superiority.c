/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The probability A that a value of group 1 is above one of group 2, ties counted half:
 * the area under the ROC curve, the common language effect size. As printed, or from
 * means and standard deviations of normal values.
 */
#include "effects/check.h"
#include "effects/family.h"
#include "effects/means.h"
#include "num/dist.h"

#include <math.h>

#define SUPERIORITY(id)                                                                \
    .measure = MTP_##id, .code = #id, .groups = 2, .natural = "probability",           \
    .scale = "probability", .inverse = "none", .lower = 0.0, .upper = 1.0,             \
    .no_difference = 0.5
#define PRINTED                                                                        \
    .input = MTP_INPUT_SUPERIORITY, .vtypes = 1U << MTP_VTYPE_LS2, .yi = "A",          \
    .vi = "A (1 - A) (1 + k1 (1 - A) / (2 - A) + k2 A / (1 + A)) / (n1 n2), "          \
          "k1 = k2 = (n1 + n2) / 2 - 1 (LS2: k1 = n1 - 1, k2 = n2 - 1)",               \
    .source = "Newcombe (2006), method 4, doi:10.1002/sim.2324; LS2 Hanley & McNeil "  \
              "(1982), doi:10.1148/radiology.143.1.7063747"
#define NORMAL                                                                         \
    .input = MTP_INPUT_MEANS, .vtypes = 1U << MTP_VTYPE_HO,                            \
    .yi = "Phi(d), d = (m1 - m2) / S, S^2 = s1^2 + s2^2",                              \
    .vi = "phi(d)^2 ((s1^2 / n1 + s2^2 / n2) / S^2 + d^2 (s1^4 / (n1 - 1) + "          \
          "s2^4 / (n2 - 1)) / (2 S^4)), by the delta method (HO: s1 = s2 = pooled, "   \
          "with n1 + n2 - 2 degrees of freedom)",                                      \
    .source = "McGraw & Wong (1992), doi:10.1037/0033-2909.111.2.361"

/* clang-format off */
static const mtp_measure_info printed[] = {
    {SUPERIORITY(CLES), PRINTED, .name = "common language effect size"},
    {SUPERIORITY(AUC), PRINTED, .name = "area under the curve"},
};

static const mtp_measure_info normal[] = {
    {SUPERIORITY(CLESN), NORMAL, .name = "common language effect size of normal values"},
    {SUPERIORITY(AUCN), NORMAL, .name = "area under the curve of normal values"},
};
/* clang-format on */

static mtp_status check_printed(const mtp_effects_options *options, const mtp_raw *raw,
                                size_t i, mtp_error *err)
{
    double a = raw->column[MTP_ROLE_AUC][i];
    mtp_status status = mtp_check_finite(raw, i, MTP_ROLE_AUC, err);

    if (!status && (a < 0.0 || a > 1.0)) {
        status =
            mtp_impossible(raw, i, MTP_ROLE_AUC,
                           "is not a probability, which lies between 0 and 1", err);
    } else if (!status && (a <= 0.0 || a >= 1.0)) {
        status = mtp_impossible(raw, i, MTP_ROLE_AUC,
                                "has no sampling variance; without overlap of the "
                                "groups the study cannot be pooled on this scale",
                                err);
    }
    if (!status) {
        status = mtp_check_size(options, raw, i, MTP_ROLE_N1, err);
    }
    return status ? status : mtp_check_size(options, raw, i, MTP_ROLE_N2, err);
}

static void effect_printed(const mtp_effects_work *w, size_t i, double *yi, double *vi)
{
    double a = w->raw->column[MTP_ROLE_AUC][i];
    double n1 = w->raw->column[MTP_ROLE_N1][i], n2 = w->raw->column[MTP_ROLE_N2][i];
    double k1 = 0.5 * (n1 + n2) - 1.0, k2 = k1;

    if (w->options->vtype == MTP_VTYPE_LS2) {
        k1 = n1 - 1.0;
        k2 = n2 - 1.0;
    }
    *yi = a;
    *vi = a * (1.0 - a) * (1.0 + k1 * (1.0 - a) / (2.0 - a) + k2 * a / (1.0 + a)) / n1 /
          n2;
}

static void effect_normal(const mtp_effects_work *w, size_t i, double *yi, double *vi)
{
    mtp_group g1 = mtp_group_1(w->raw, i), g2 = mtp_group_2(w->raw, i);
    double pooled = mtp_pooled_sd(&g1, &g2), S, d, r1, r2, of_S, density;

    if (w->options->vtype == MTP_VTYPE_HO) {
        g1.sd = g2.sd = pooled;
    }
    S = hypot(g1.sd, g2.sd);
    d = (g1.mean - g2.mean) / S;
    r1 = g1.sd / S * (g1.sd / S); /* shares of S^2 */
    r2 = g2.sd / S * (g2.sd / S);
    of_S = w->options->vtype == MTP_VTYPE_HO
               ? 1.0 / (g1.n + g2.n - 2.0)
               : r1 * r1 / (g1.n - 1.0) + r2 * r2 / (g2.n - 1.0);
    density = exp(-0.5 * d * d) * 0.398942280401432677940; /* 1 / sqrt(2 pi) */
    *yi = mtp_normal_upper(-d).p;
    *vi = density * density * (r1 / g1.n + r2 / g2.n + 0.5 * d * d * of_S);
}

const mtp_family mtp_family_superiority = {
    .measure = printed,
    .n_measures = sizeof printed / sizeof printed[0],
    .role = {MTP_ROLE_AUC, MTP_ROLE_N1, MTP_ROLE_N2},
    .n_roles = 3,
    .ready = true,
    .check = check_printed,
    .effect = effect_printed,
};

const mtp_family mtp_family_superiority_normal = {
    .measure = normal,
    .n_measures = sizeof normal / sizeof normal[0],
    .role = {MTP_ROLE_MEAN1, MTP_ROLE_SD1, MTP_ROLE_N1, MTP_ROLE_MEAN2, MTP_ROLE_SD2,
             MTP_ROLE_N2},
    .n_roles = 6,
    .ready = true,
    .check = mtp_check_two_groups,
    .effect = effect_normal,
};
