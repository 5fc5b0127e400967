/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The measures' definitions as lines from raw data to y and v. They are those of
 * docs/methods.md, section 1, and every line is compared with the analysis. */
#include "explain/work.h"

#include <string.h>

/* Cells of two groups; `h` is what a zero-cell correction adds. */
#define CELLS    MTP_EXPLAIN_CELLS
#define ODDS_V   "1 / a + 1 / b + 1 / c + 1 / d"
#define LN_ODDS  "ln(a * d / (b * c))"
#define POOLED_S "s_p = sqrt(((n1 - 1) * s1^2 + (n2 - 1) * s2^2) / (n1 + n2 - 2)); "
#define DIFF_S   "s_d = sqrt(s1^2 + s2^2 - 2 * r * s1 * s2); "
#define MEAN_S   "s_a = sqrt((s1^2 + s2^2) / 2); "
#define CV       "c1 = s1 / m1; c2 = s2 / m2; "
#define PETO_SUMS                                                                      \
    "N = a + b + c + d; E = (a + b) * (a + c) / N; "                                   \
    "V = (a + b) * (c + d) * (a + c) * (b + d) / (N^2 * (N - 1)); "
#define SMD_D "d = (m1 - m2) / s_p; "

typedef struct recipe {
    mtp_measure measure;
    const char *lines;
    const char *plain; /* without the correction for small samples; NULL: the same */
} recipe;

static const recipe recipes[] = {
    {MTP_PR, "y = x / n; v = y * (1 - y) / n", NULL},
    {MTP_PLN, "y = ln(x / n); v = 1 / x - 1 / n", NULL},
    {MTP_PLO, "y = ln(x / (n - x)); v = 1 / x + 1 / (n - x)", NULL},
    {MTP_PRZ, "p = x / n; y = z(p); v = 2 * pi * p * (1 - p) * exp(y^2) / n", NULL},
    {MTP_PAS, "y = asin(sqrt(x / n)); v = 1 / (4 * n)", NULL},
    {MTP_PFT,
     "y = (asin(sqrt(x / (n + 1))) + asin(sqrt((x + 1) / (n + 1)))) / 2; "
     "v = 1 / (4 * n + 2)",
     NULL},
    {MTP_IR, "y = x / t; v = x / t^2", NULL},
    {MTP_IRLN, "y = ln(x / t); v = 1 / x", NULL},
    {MTP_IRS, "y = sqrt(x / t); v = 1 / (4 * t)", NULL},
    {MTP_IRFT, "y = (sqrt(x / t) + sqrt((x + 1) / t)) / 2; v = 1 / (4 * t)", NULL},
    {MTP_OR, CELLS "y = " LN_ODDS "; v = " ODDS_V, NULL},
    {MTP_RR,
     CELLS "y = ln(a / (a + b) / (c / (c + d))); "
           "v = 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)",
     NULL},
    {MTP_RD,
     CELLS "y = a / (a + b) - c / (c + d); "
           "v = a * b / (a + b)^3 + c * d / (c + d)^3",
     NULL},
    {MTP_AS,
     CELLS "y = asin(sqrt(a / (a + b))) - asin(sqrt(c / (c + d))); "
           "v = 1 / (4 * (a + b)) + 1 / (4 * (c + d))",
     NULL},
    {MTP_PETO, CELLS PETO_SUMS "y = (a - E) / V; v = 1 / V", NULL},
    {MTP_YUQ,
     CELLS "y = (a * d - b * c) / (a * d + b * c); "
           "v = (1 - y^2)^2 / 4 * (" ODDS_V ")",
     NULL},
    {MTP_YUY,
     CELLS "y = (sqrt(a * d) - sqrt(b * c)) / (sqrt(a * d) + sqrt(b * c)); "
           "v = (1 - y^2)^2 / 16 * (" ODDS_V ")",
     NULL},
    {MTP_PBIT,
     CELLS "p1 = a / (a + b); p2 = c / (c + d); z1 = z(p1); z2 = z(p2); y = z1 - z2; "
           "v = 2 * pi * p1 * (1 - p1) * exp(z1^2) / (a + b) + "
           "2 * pi * p2 * (1 - p2) * exp(z2^2) / (c + d)",
     NULL},
    {MTP_OR2D, CELLS "y = sqrt(3) / pi * " LN_ODDS "; v = 3 / pi^2 * (" ODDS_V ")",
     NULL},
    {MTP_OR2DL, CELLS "y = sqrt(3) / pi * " LN_ODDS "; v = 3 / pi^2 * (" ODDS_V ")",
     NULL},
    {MTP_OR2DN, CELLS "y = " LN_ODDS " / 1.65; v = (" ODDS_V ") / 1.65^2", NULL},
    {MTP_MPRD,
     "n = a + b + c + d; y = (b - c) / n; v = ((b + c) / n - ((b - c) / n)^2) / n",
     NULL},
    {MTP_MPRR, "y = ln((a + b) / (a + c)); v = (b + c) / ((a + b) * (a + c))", NULL},
    {MTP_MPOR,
     "n = a + b + c + d; p1 = (a + b) / n; p2 = (a + c) / n; "
     "y = ln((a + b) * (b + d) / ((a + c) * (c + d))); "
     "v = (1 / (p1 * (1 - p1)) + 1 / (p2 * (1 - p2)) - 2 * (a * d - b * c) / "
     "(n^2 * p1 * (1 - p1) * p2 * (1 - p2))) / n",
     NULL},
    {MTP_MPORC, "y = ln(b / c); v = 1 / b + 1 / c", NULL},
    {MTP_MPPETO, "y = 2 * (b - c) / (b + c); v = 4 / (b + c)", NULL},
    {MTP_IRR, "y = ln(x1 / t1 / (x2 / t2)); v = 1 / x1 + 1 / x2", NULL},
    {MTP_IRD, "y = x1 / t1 - x2 / t2; v = x1 / t1^2 + x2 / t2^2", NULL},
    {MTP_IRSD, "y = sqrt(x1 / t1) - sqrt(x2 / t2); v = 1 / (4 * t1) + 1 / (4 * t2)",
     NULL},
    {MTP_OE, "y = OE / V; v = 1 / V", NULL},
    {MTP_MN, "y = m; v = s^2 / n", NULL},
    {MTP_MNLN, "y = ln(m); v = s^2 / (n * m^2)", NULL},
    {MTP_SMN, "J = J(n - 1); y = J * m / s; v = 1 / n + y^2 / (2 * n)",
     "y = m / s; v = 1 / n + y^2 / (2 * n)"},
    {MTP_CVLN,
     "y = ln(s / m) + 1 / (2 * (n - 1)); v = 1 / (2 * (n - 1)) + s^2 / (n * m^2)",
     "y = ln(s / m); v = 1 / (2 * (n - 1)) + s^2 / (n * m^2)"},
    {MTP_SDLN, "y = ln(s) + 1 / (2 * (n - 1)); v = 1 / (2 * (n - 1))",
     "y = ln(s); v = 1 / (2 * (n - 1))"},
    {MTP_MD, "y = m1 - m2; v = s1^2 / n1 + s2^2 / n2", NULL},
    {MTP_SMD,
     POOLED_S SMD_D "J = J(n1 + n2 - 2); y = J * d; "
                    "v = 1 / n1 + 1 / n2 + y^2 / (2 * (n1 + n2))",
     POOLED_S "y = (m1 - m2) / s_p; v = 1 / n1 + 1 / n2 + y^2 / (2 * (n1 + n2))"},
    {MTP_SMDH,
     MEAN_S "J = J(n1 + n2 - 2); y = J * (m1 - m2) / s_a; "
            "v = y^2 * (s1^4 / (n1 - 1) + s2^4 / (n2 - 1)) / (8 * s_a^4) + "
            "(s1^2 / (n1 - 1) + s2^2 / (n2 - 1)) / s_a^2",
     MEAN_S "y = (m1 - m2) / s_a; "
            "v = y^2 * (s1^4 / (n1 - 1) + s2^4 / (n2 - 1)) / (8 * s_a^4) + "
            "(s1^2 / (n1 - 1) + s2^2 / (n2 - 1)) / s_a^2"},
    {MTP_SMD1,
     "d = (m1 - m2) / s2; J = J(n2 - 1); y = J * d; "
     "v = 1 / n1 + 1 / n2 + y^2 / (2 * n2)",
     "y = (m1 - m2) / s2; v = 1 / n1 + 1 / n2 + y^2 / (2 * n2)"},
    {MTP_SMD1H,
     "d = (m1 - m2) / s2; J = J(n2 - 1); y = J * d; "
     "v = s1^2 / (s2^2 * (n1 - 1)) + 1 / (n2 - 1) + y^2 / (2 * (n2 - 1))",
     "y = (m1 - m2) / s2; "
     "v = s1^2 / (s2^2 * (n1 - 1)) + 1 / (n2 - 1) + y^2 / (2 * (n2 - 1))"},
    {MTP_ROM,
     CV "y = ln(m1 / m2) + (c1^2 / n1 - c2^2 / n2) / 2; v = c1^2 / n1 + c2^2 / n2",
     CV "y = ln(m1 / m2); v = c1^2 / n1 + c2^2 / n2"},
    {MTP_CVR,
     CV "y = ln(c1 / c2) + 1 / (2 * (n1 - 1)) - 1 / (2 * (n2 - 1)) - "
        "(c1^2 / n1 - c2^2 / n2) / 2; "
        "v = 1 / (2 * (n1 - 1)) + 1 / (2 * (n2 - 1)) + c1^2 / n1 + c2^2 / n2",
     CV "y = ln(c1 / c2); "
        "v = 1 / (2 * (n1 - 1)) + 1 / (2 * (n2 - 1)) + c1^2 / n1 + c2^2 / n2"},
    {MTP_VR,
     "y = ln(s1 / s2) + 1 / (2 * (n1 - 1)) - 1 / (2 * (n2 - 1)); "
     "v = 1 / (2 * (n1 - 1)) + 1 / (2 * (n2 - 1))",
     "y = ln(s1 / s2); v = 1 / (2 * (n1 - 1)) + 1 / (2 * (n2 - 1))"},
    {MTP_RPB,
     POOLED_S SMD_D "h = (n1 + n2 - 2) * (1 / n1 + 1 / n2); y = d / sqrt(d^2 + h); "
                    "v_d = 1 / n1 + 1 / n2 + d^2 / (2 * (n1 + n2)); "
                    "v = h^2 * v_d / (d^2 + h)^3",
     NULL},
    {MTP_ZPB,
     POOLED_S SMD_D "h = (n1 + n2 - 2) * (1 / n1 + 1 / n2); r = d / sqrt(d^2 + h); "
                    "v_d = 1 / n1 + 1 / n2 + d^2 / (2 * (n1 + n2)); "
                    "v_r = h^2 * v_d / (d^2 + h)^3; y = atanh(r); "
                    "v = v_r / (1 - r^2)^2",
     NULL},
    {MTP_D2OR,
     POOLED_S SMD_D "v_d = 1 / n1 + 1 / n2 + d^2 / (2 * (n1 + n2)); "
                    "y = d * pi / sqrt(3); v = v_d * pi^2 / 3",
     NULL},
    {MTP_D2ORL,
     POOLED_S SMD_D "v_d = 1 / n1 + 1 / n2 + d^2 / (2 * (n1 + n2)); "
                    "y = d * pi / sqrt(3); v = v_d * pi^2 / 3",
     NULL},
    {MTP_D2ORN,
     POOLED_S SMD_D "v_d = 1 / n1 + 1 / n2 + d^2 / (2 * (n1 + n2)); "
                    "y = 1.65 * d; v = 1.65^2 * v_d",
     NULL},
    {MTP_CLES,
     "k = (n1 + n2) / 2 - 1; y = A; "
     "v = A * (1 - A) * (1 + k * (1 - A) / (2 - A) + k * A / (1 + A)) / (n1 * n2)",
     NULL},
    {MTP_AUC,
     "k = (n1 + n2) / 2 - 1; y = A; "
     "v = A * (1 - A) * (1 + k * (1 - A) / (2 - A) + k * A / (1 + A)) / (n1 * n2)",
     NULL},
    {MTP_CLESN,
     "S = sqrt(s1^2 + s2^2); d = (m1 - m2) / S; y = Phi(d); "
     "v = phi(d)^2 * ((s1^2 / n1 + s2^2 / n2) / S^2 + "
     "d^2 * (s1^4 / (n1 - 1) + s2^4 / (n2 - 1)) / (2 * S^4))",
     NULL},
    {MTP_AUCN,
     "S = sqrt(s1^2 + s2^2); d = (m1 - m2) / S; y = Phi(d); "
     "v = phi(d)^2 * ((s1^2 / n1 + s2^2 / n2) / S^2 + "
     "d^2 * (s1^4 / (n1 - 1) + s2^4 / (n2 - 1)) / (2 * S^4))",
     NULL},
    {MTP_SMCR,
     "d = (m1 - m2) / s1; J = J(n - 1); y = J * d; "
     "v = 2 * (1 - r) / n + y^2 / (2 * n)",
     "y = (m1 - m2) / s1; v = 2 * (1 - r) / n + y^2 / (2 * n)"},
    {MTP_SMCRH,
     DIFF_S "J = J(n - 1); y = J * (m1 - m2) / s1; "
            "v = s_d^2 / (s1^2 * (n - 1)) + y^2 / (2 * (n - 1))",
     DIFF_S "y = (m1 - m2) / s1; "
            "v = s_d^2 / (s1^2 * (n - 1)) + y^2 / (2 * (n - 1))"},
    {MTP_SMCRP,
     MEAN_S "J = J(2 * (n - 1) / (1 + r^2)); y = J * (m1 - m2) / s_a; "
            "v = 2 * (1 - r) / n + y^2 * (1 + r^2) / (4 * n)",
     MEAN_S "y = (m1 - m2) / s_a; "
            "v = 2 * (1 - r) / n + y^2 * (1 + r^2) / (4 * n)"},
    {MTP_SMCRPH,
     DIFF_S MEAN_S "J = J(2 * (n - 1) / (1 + r^2)); y = J * (m1 - m2) / s_a; "
                   "v = s_d^2 / (s_a^2 * (n - 1)) + "
                   "y^2 * (s1^4 + s2^4 + 2 * r^2 * s1^2 * s2^2) / "
                   "(8 * s_a^4 * (n - 1))",
     DIFF_S MEAN_S "y = (m1 - m2) / s_a; v = s_d^2 / (s_a^2 * (n - 1)) + "
                   "y^2 * (s1^4 + s2^4 + 2 * r^2 * s1^2 * s2^2) / "
                   "(8 * s_a^4 * (n - 1))"},
    {MTP_ROMC,
     CV "y = ln(m1 / m2) + (c1^2 - c2^2) / (2 * n); "
        "v = (c1^2 + c2^2 - 2 * r * c1 * c2) / n",
     CV "y = ln(m1 / m2); v = (c1^2 + c2^2 - 2 * r * c1 * c2) / n"},
    {MTP_CVRC,
     CV "y = ln(c1 / c2) - (c1^2 - c2^2) / (2 * n); "
        "v = (1 - r^2) / (n - 1) + (c1^2 + c2^2 - 2 * r * c1 * c2) / n",
     CV "y = ln(c1 / c2); "
        "v = (1 - r^2) / (n - 1) + (c1^2 + c2^2 - 2 * r * c1 * c2) / n"},
    {MTP_VRC, "y = ln(s1 / s2); v = (1 - r^2) / (n - 1)", NULL},
    {MTP_MC, "y = m1 - m2; v = s_d^2 / n", NULL},
    {MTP_SMCC,
     "d = (m1 - m2) / s_d; J = J(n - 1); y = J * d; v = 1 / n + y^2 / (2 * n)",
     "y = (m1 - m2) / s_d; v = 1 / n + y^2 / (2 * n)"},
    {MTP_COR, "y = r; v = (1 - r^2)^2 / (n - 1)", NULL},
    {MTP_ZCOR, "y = atanh(r); v = 1 / (n - 3)", NULL},
    {MTP_PCOR, "y = r; v = (1 - r^2)^2 / (n - q - 1)", NULL},
    {MTP_ZPCOR, "y = atanh(r); v = 1 / (n - q - 2)", NULL},
    {MTP_SPCOR, "S = R2 - r^2; y = r; v = (R2^2 - 2 * R2 + S + 1 - S^2) / n", NULL},
    {MTP_ZSPCOR,
     "S = R2 - r^2; y = atanh(r); "
     "v = (R2^2 - 2 * R2 + S + 1 - S^2) / n / (1 - r^2)^2",
     NULL},
    {MTP_R2, "y = R2; v = 4 * R2 * (1 - R2)^2 / n", NULL},
    {MTP_ZR2, "y = atanh(sqrt(R2)); v = 1 / n", NULL},
    {MTP_ARAW, "y = alpha; v = 2 * q * (1 - alpha)^2 / ((q - 1) * (n - 2))", NULL},
    {MTP_AHW,
     "y = 1 - (1 - alpha)^(1 / 3); "
     "v = 18 * q * (n - 1) * (1 - alpha)^(2 / 3) / ((q - 1) * (9 * n - 11)^2)",
     NULL},
    {MTP_ABT, "y = -ln(1 - alpha); v = 2 * q / ((q - 1) * (n - 2))", NULL},
};

/* Other sampling variances (--vtype), in place of the lines of LS. */
static const struct {
    mtp_measure measure;
    mtp_vtype vtype;
    const char *lines;
} variants[] = {
    {MTP_PR, MTP_VTYPE_UB, "y = x / n; v = y * (1 - y) / (n - 1)"},
    {MTP_RD, MTP_VTYPE_UB,
     CELLS "y = a / (a + b) - c / (c + d); v = a * b / ((a + b)^2 * (a + b - 1)) + "
           "c * d / ((c + d)^2 * (c + d - 1))"},
    {MTP_MD, MTP_VTYPE_HO, POOLED_S "y = m1 - m2; v = s_p^2 / n1 + s_p^2 / n2"},
    {MTP_SMD, MTP_VTYPE_LS2,
     POOLED_S SMD_D "J = J(n1 + n2 - 2); y = J * d; "
                    "v = J^2 * (1 / n1 + 1 / n2 + d^2 / (2 * (n1 + n2)))"},
    {MTP_SMD, MTP_VTYPE_UB,
     POOLED_S SMD_D "f = n1 + n2 - 2; J = J(f); y = J * d; "
                    "v = 1 / n1 + 1 / n2 + (1 - (f - 2) / (f * J^2)) * y^2"},
    {MTP_CLES, MTP_VTYPE_LS2,
     "y = A; v = A * (1 - A) * (1 + (n1 - 1) * (1 - A) / (2 - A) + "
     "(n2 - 1) * A / (1 + A)) / (n1 * n2)"},
    {MTP_AUC, MTP_VTYPE_LS2,
     "y = A; v = A * (1 - A) * (1 + (n1 - 1) * (1 - A) / (2 - A) + "
     "(n2 - 1) * A / (1 + A)) / (n1 * n2)"},
};

const char *mtp_explain_recipe(const mtp_bundle *bundle)
{
    mtp_measure measure = bundle->measure->measure;

    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
        if (variants[i].measure == measure && variants[i].vtype == bundle->vtype &&
            !bundle->uncorrected) {
            return variants[i].lines;
        }
    }
    for (size_t i = 0; i < sizeof recipes / sizeof *recipes; i++) {
        if (recipes[i].measure == measure && bundle->vtype == MTP_VTYPE_LS) {
            return bundle->uncorrected && recipes[i].plain ? recipes[i].plain
                                                           : recipes[i].lines;
        }
    }
    return NULL;
}

const char *mtp_explain_symbol(mtp_role role)
{
    static const char *const symbols[MTP_ROLE_COUNT] = {
        [MTP_ROLE_EVENTS] = "x",      [MTP_ROLE_N] = "n",
        [MTP_ROLE_TIME] = "t",        [MTP_ROLE_EVENTS1] = "x1",
        [MTP_ROLE_N1] = "n1",         [MTP_ROLE_EVENTS2] = "x2",
        [MTP_ROLE_N2] = "n2",         [MTP_ROLE_TIME1] = "t1",
        [MTP_ROLE_TIME2] = "t2",      [MTP_ROLE_CELL_A] = "a",
        [MTP_ROLE_CELL_B] = "b",      [MTP_ROLE_CELL_C] = "c",
        [MTP_ROLE_CELL_D] = "d",      [MTP_ROLE_OE] = "OE",
        [MTP_ROLE_VAR] = "V",         [MTP_ROLE_MEAN] = "m",
        [MTP_ROLE_SD] = "s",          [MTP_ROLE_MEAN1] = "m1",
        [MTP_ROLE_SD1] = "s1",        [MTP_ROLE_MEAN2] = "m2",
        [MTP_ROLE_SD2] = "s2",        [MTP_ROLE_AUC] = "A",
        [MTP_ROLE_SD_CHANGE] = "s_d", [MTP_ROLE_YI] = "y",
        [MTP_ROLE_VI] = "v",          [MTP_ROLE_SEI] = "s_y",
        [MTP_ROLE_CI_LOWER] = "l",    [MTP_ROLE_CI_UPPER] = "u",
        [MTP_ROLE_R] = "r",           [MTP_ROLE_STAT] = "T",
        [MTP_ROLE_P] = "p",           [MTP_ROLE_PREDICTORS] = "q",
        [MTP_ROLE_R2] = "R2",         [MTP_ROLE_ALPHA] = "alpha",
        [MTP_ROLE_ITEMS] = "q",       [MTP_ROLE_ESTIMATE] = "e",
        [MTP_ROLE_SE] = "s_m",        [MTP_ROLE_MEDIAN] = "med",
        [MTP_ROLE_Q1] = "q_1",        [MTP_ROLE_Q3] = "q_3",
        [MTP_ROLE_MIN] = "low",       [MTP_ROLE_MAX] = "high",
        [MTP_ROLE_SE1] = "s_m1",      [MTP_ROLE_MEDIAN1] = "med1",
        [MTP_ROLE_Q1_1] = "q1_1",     [MTP_ROLE_Q3_1] = "q3_1",
        [MTP_ROLE_MIN1] = "low1",     [MTP_ROLE_MAX1] = "high1",
        [MTP_ROLE_SE2] = "s_m2",      [MTP_ROLE_MEDIAN2] = "med2",
        [MTP_ROLE_Q1_2] = "q1_2",     [MTP_ROLE_Q3_2] = "q3_2",
        [MTP_ROLE_MIN2] = "low2",     [MTP_ROLE_MAX2] = "high2",
    };

    return symbols[role];
}
