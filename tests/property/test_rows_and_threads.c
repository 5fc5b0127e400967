/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run_table.h"

/* The order of the rows changes no digit, and the number of threads changes no byte. */

enum { MAX_LINES = 256 };

#define COUNTS                                                                         \
    "measure", "PLO", "events", "deaths", "n", "patients", "study", "study", "by",     \
        "entity"

static const char *const glmm_seven[] = {COUNTS, "nodes", "7", "null", "0.05", NULL};
static const char *const glmm_exact[] = {COUNTS, NULL};
static const char *const reml[] = {COUNTS, "tau2", "REML", NULL};
static const char *const common_tau2[] = {COUNTS,       "method", "inverse",
                                          "tau2-scope", "common", NULL};
static const char *const dl_freeman_tukey[] = {
    "measure", "PFT",   "events", "deaths", "n",  "patients", "by",
    "setting", "study", "study",  "tau2",   "DL", NULL};
static const char *const *const analyses[] = {glmm_seven, glmm_exact, reml, common_tau2,
                                              dl_freeman_tukey};
enum { ANALYSES = sizeof analyses / sizeof analyses[0] };

/* xorshift64*: Vigna (2016), doi:10.1145/2845077. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

/* The same table with its data rows in another order; freed with free. */
static char *shuffled(const char *bytes, uint64_t seed)
{
    const char *line[MAX_LINES];
    size_t length[MAX_LINES], n = 0, total = strlen(bytes), at;
    char *copy = malloc(total + 2);

    assert_non_null(copy);
    for (const char *from = bytes; *from; from += length[n++]) {
        assert_true(n < MAX_LINES);
        line[n] = from;
        length[n] = strcspn(from, "\n");
        length[n] += from[length[n]] == '\n';
    }
    for (size_t i = n - 1; i > 1; i--) {
        size_t j = 1 + next_random(&seed) % i, size = length[i];
        const char *text = line[i];

        line[i] = line[j];
        length[i] = length[j];
        line[j] = text;
        length[j] = size;
    }
    at = 0;
    for (size_t i = 0; i < n; i++) {
        memcpy(copy + at, line[i], length[i]);
        at += length[i];
        if (copy[at - 1] != '\n') {
            copy[at++] = '\n';
        }
    }
    copy[at] = '\0';
    return copy;
}

static void same_part(const json_t *a, const json_t *b, const char *part)
{
    json_t *x = json_object_get(a, part), *y = json_object_get(b, part);

    assert_non_null(x);
    if (!json_equal(x, y)) {
        char *left = json_dumps(x, JSON_INDENT(1)),
             *right = json_dumps(y, JSON_INDENT(1));
        size_t i = 0;

        while (left[i] && left[i] == right[i]) {
            i++;
        }
        print_error("%s differs: %.80s\n against %.80s\n", part,
                    left + (i > 40 ? i - 40 : 0), right + (i > 40 ? i - 40 : 0));
        free(left);
        free(right);
        fail();
    }
}

static void row_order_changes_nothing(void **state)
{
    char *bytes = dataset_bytes("nrm2024/studies.csv");

    (void)state;
    for (size_t a = 0; a < ANALYSES; a++) {
        json_t *plain = json_of(bytes, MTP_COMMAND_POOL, analyses[a]);

        for (uint64_t seed = 1; seed <= 20; seed++) {
            char *other_bytes = shuffled(bytes, seed);
            json_t *other = json_of(other_bytes, MTP_COMMAND_POOL, analyses[a]);

            same_part(plain, other, "overall");
            same_part(plain, other, "groups");
            same_part(plain, other, "between_groups");
            json_decref(other);
            free(other_bytes);
        }
        json_decref(plain);
    }
    free(bytes);
}

/* The options of an analysis and a number of threads. */
static char *with_threads(const char *bytes, const char *const options[],
                          const char *threads, mtp_command command)
{
    const char *all[40];
    size_t n = 0;

    for (; options[n]; n++) {
        all[n] = options[n];
    }
    all[n++] = "threads";
    all[n++] = threads;
    all[n] = NULL;
    return report_of(bytes, command, all, MTP_FORMAT_JSON);
}

static void threads_change_no_byte(void **state)
{
    static const char *const sparse[] = {"where",    "grouping = 'product'",
                                         "category", "cause",
                                         "count",    "deaths",
                                         "by",       "level",
                                         "draws",    "20000",
                                         NULL};
    char *bytes = dataset_bytes("nrm2024/studies.csv");
    char *causes = dataset_bytes("nrm2024/causes.csv");
    char *one, *four;

    (void)state;
    for (size_t a = 0; a < ANALYSES; a++) {
        one = with_threads(bytes, analyses[a], "1", MTP_COMMAND_POOL);
        four = with_threads(bytes, analyses[a], "4", MTP_COMMAND_POOL);
        assert_string_equal(one, four);
        mtp_text_free(one);
        mtp_text_free(four);
    }
    one = with_threads(causes, sparse, "1", MTP_COMMAND_COMPOSITION);
    four = with_threads(causes, sparse, "4", MTP_COMMAND_COMPOSITION);
    assert_string_equal(one, four);
    mtp_text_free(one);
    mtp_text_free(four);
    free(causes);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(row_order_changes_nothing),
        cmocka_unit_test(threads_change_no_byte),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
