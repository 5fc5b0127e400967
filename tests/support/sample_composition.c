/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Causes of death by setting. */
#include "support/sample_parts.h"

enum { N_CAUSES = 7, N_SETTINGS = 2 };

static mtp_share make_share(double count, double total, double column_total,
                            double grand_total)
{
    /* Chi-square with 1 df, upper tail 0.05 / 7: mpmath at 40 digits. */
    const double b = 7.2366892681108956;
    double root = sqrt(b * (b + 4.0 * count * (total - count) / total));
    double expected = total * column_total / grand_total;
    double spread =
        expected * (1.0 - total / grand_total) * (1.0 - column_total / grand_total);
    mtp_share share = {.count = count,
                       .share = count / total,
                       .goodman = {(b + 2.0 * count - root) / (2.0 * (total + b)),
                                   (b + 2.0 * count + root) / (2.0 * (total + b))},
                       .residual = (count - expected) / sqrt(spread)};

    sample_set_wilson(count, total, &share.wilson[0], &share.wilson[1]);
    return share;
}

static mtp_composition_group make_group(mtp_arena *arena, const char *level,
                                        const double count[], const double column[])
{
    mtp_share *share = sample_zalloc(arena, N_CAUSES, sizeof *share);
    mtp_composition_group group = {level, 0.0, share};
    double grand_total = 0.0;

    for (size_t i = 0; i < N_CAUSES; i++) {
        group.total += count[i];
        grand_total += column[i];
    }
    for (size_t i = 0; i < N_CAUSES; i++) {
        share[i] = make_share(count[i], group.total, column[i], grand_total);
        share[i].residual = level ? share[i].residual : SAMPLE_NONE;
    }
    return group;
}

sample *sample_composition(mtp_arena *arena)
{
    static const char *const cause[N_CAUSES] = {"infection",
                                                "malignancy",
                                                "cardiovascular or respiratory",
                                                "neurotoxicity",
                                                "CRS",
                                                "hemorrhage",
                                                "HLH"};
    /* Read off the paper's bars; its chi-square is 18.936 with 6 df, p = 0.004273. */
    static const double count[N_SETTINGS][N_CAUSES] = {{75, 15, 21, 4, 3, 6, 3},
                                                       {217, 30, 21, 26, 24, 13, 6}};
    static const mtp_effective_option options[] = {
        SAMPLE_WORD("category", "cause"), SAMPLE_WORD("count", "deaths"),
        SAMPLE_WORD("by", "setting"),     SAMPLE_NUMBER("level", "95"),
        SAMPLE_NUMBER("draws", "100000"), SAMPLE_NUMBER("seed", "20240618")};
    static const mtp_note notes[] = {
        {MTP_NOTE_CRUDE_SHARES, MTP_INFO, 0,
         "shares are crude sums over cohorts; the counted events are taken as "
         "independent"},
        {MTP_NOTE_EXPECTED_SMALL, MTP_WARNING, 0, "an expected count is below 5"}};
    sample *s = sample_new(arena, MTP_COMMAND_COMPOSITION, "causes.csv", 14, notes, 2);
    mtp_composition_group *group = sample_zalloc(arena, N_SETTINGS, sizeof *group);
    double column[N_CAUSES];

    for (size_t i = 0; i < N_CAUSES; i++) {
        column[i] = count[0][i] + count[1][i];
    }
    group[0] = make_group(arena, "CT", count[0], column);
    group[1] = make_group(arena, "RW", count[1], column);
    s->composition = (mtp_composition){
        .options = {.size = sizeof(mtp_composition_options),
                    .level = 0.95,
                    .seed = MTP_DEFAULT_SEED,
                    .draws = 100000},
        .n_categories = N_CAUSES,
        .n_groups = N_SETTINGS,
        .category = cause,
        .total = make_group(arena, NULL, column, column),
        .group = group,
        /* mpmath at 40 digits; the Monte Carlo p: R 4.2.2, set.seed(1), 1e5 tables */
        .chi_square = sample_chi_square(18.936059022372813, 6.0, 0.0042729933025918896,
                                        -5.4554406896999260),
        .g = sample_chi_square(18.863718554680205, 6.0, 0.0044000903043634435,
                               -5.4261302145495658),
        .exact = {MTP_EXACT_MONTE_CARLO, 0.0039099609003909958, 1.973e-4, 100000},
        .expected_min = 2.4633620689655172,
        .cramers_v = 0.20201601924346467};
    s->bundle.composition = &s->composition;
    s->bundle.by = "setting";
    sample_set_options(s, options, sizeof options / sizeof *options);
    return s;
}
