/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The seven chi-square tests of cause of death by group that Cordas dos Santos et al.
 * (2024), doi:10.1038/s41591-024-03084-6, published, to the printed digit.
 * Counts: datasets/nrm2024/causes.csv, the seven specified causes in its order.
 */
#include "metapool/composition.h"

#include "support/c_number.h"
#include "support/test.h"

enum { CAUSES = 7, LEVELS = 6 };

typedef struct published {
    const char *what;
    size_t levels;
    double deaths[LEVELS][CAUSES];
    const char *statistic, *df, *p; /* as printed */
} published;

#define AXI_CEL                                                                        \
    {                                                                                  \
        154, 22, 18, 18, 10, 9, 5                                                      \
    }
#define LISO_CEL                                                                       \
    {                                                                                  \
        8, 0, 3, 2, 0, 1, 0                                                            \
    }
#define BREXU_CEL                                                                      \
    {                                                                                  \
        22, 4, 3, 1, 2, 0, 0                                                           \
    }
#define TISA_CEL                                                                       \
    {                                                                                  \
        20, 5, 0, 1, 2, 1, 2                                                           \
    }
#define CILTA_CEL                                                                      \
    {                                                                                  \
        19, 4, 5, 1, 0, 2, 1                                                           \
    }
#define IDE_CEL                                                                        \
    {                                                                                  \
        19, 3, 5, 1, 4, 1, 1                                                           \
    }

/* clang-format off */
static const published tests_of_cause[] = {
    {"entity", 4, {{224, 31, 27, 26, 19, 16, 6}, {5, 3, 1, 0, 0, 0, 1},
                   {22, 4, 3, 1, 2, 0, 0}, {41, 7, 11, 3, 6, 3, 2}},
     "19.376", "18", "0.369"},
    {"setting", 2, {{75, 15, 21, 4, 3, 6, 3}, {217, 30, 21, 26, 24, 13, 6}},
     "18.936", "6", "0.004273"},
    {"setting, infections other than COVID-19", 2,
     {{50, 15, 21, 4, 3, 6, 3}, {187, 30, 21, 26, 24, 13, 6}},
     "23.357", "6", "0.0006853"},
    {"product", 6, {AXI_CEL, LISO_CEL, BREXU_CEL, TISA_CEL, CILTA_CEL, IDE_CEL},
     "28.413", "30", "0.5485"},
    {"Axi-cel, Liso-cel, Tisa-cel", 3, {AXI_CEL, LISO_CEL, TISA_CEL},
     "14.262", "12", "0.2843"},
    {"Axi-cel, Tisa-cel", 2, {AXI_CEL, TISA_CEL}, "6.6545", "6", "0.354"},
    {"Ide-cel, Cilta-cel", 2, {IDE_CEL, CILTA_CEL}, "4.4196", "6", "0.6201"},
};
/* clang-format on */

static void assert_printed(double value, int digits, const char *printed)
{
    char text[64];

    c_print_g(text, sizeof text, digits, value);
    assert_string_equal(text, printed);
}

/* The authors' program printed five digits of a statistic and four of a p-value. */
static void test_published_tests(void **state)
{
    static const char *const name[CAUSES] = {"1", "2", "3", "4", "5", "6", "7"};
    mtp_composition_options options;

    (void)state;
    mtp_composition_options_init(&options, sizeof options);
    options.draws = 0;
    for (size_t i = 0; i < sizeof tests_of_cause / sizeof tests_of_cause[0]; i++) {
        const published *t = &tests_of_cause[i];
        mtp_composition *c = NULL;

        assert_int_equal(mtp_composition_compute(&options, t->levels, CAUSES,
                                                 &t->deaths[0][0], name, name, &c,
                                                 NULL),
                         MTP_OK);
        assert_printed(c->chi_square.statistic, 5, t->statistic);
        assert_printed(c->chi_square.df, 5, t->df);
        assert_printed(c->chi_square.p, 4, t->p);
        mtp_composition_free(c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_tests),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
