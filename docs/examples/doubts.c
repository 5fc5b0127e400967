/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Doubts about a table, before anything is pooled. */
#include <metapool/lint.h>
#include <stdio.h>

/* Pairs of a name and a value, ended by NULL: what the columns of doubts.csv are. */
static const char *const columns[] = {
    "measure", "MD",    "study",  "study", "mean1", "mean_t", "sd1", "sd_t", "n1",
    "n_t",     "mean2", "mean_c", "sd2",   "sd_c",  "n2",     "n_c", NULL};

static void print(const mtp_lint_result *result)
{
    for (size_t i = 0; i < result->n_findings; i++) {
        const mtp_lint_finding *f = &result->finding[i];

        printf("line %zu: %s %s (%s): %s\n", f->line, f->rule->id, f->rule->name,
               mtp_lint_severity_id(f->rule->severity), f->evidence);
    }
    printf("%zu errors, %zu warnings\n", result->count[MTP_LINT_ERROR],
           result->count[MTP_LINT_WARNING]);
}

int main(int argc, char **argv)
{
    mtp_table_options reading;
    mtp_table *table = NULL;
    mtp_request *request = NULL;
    mtp_lint_result *result = NULL;
    mtp_problems problems = {0};
    mtp_error err;
    mtp_status status;

    if (argc != 2) {
        fprintf(stderr, "usage: %s doubts.csv\n", argv[0]);
        return 2;
    }
    mtp_table_options_init(&reading, sizeof reading);
    reading.forgiving = true; /* lint says what other readers refuse */
    status = mtp_table_read_csv(argv[1], &reading, &table, &problems, &err);
    if (status == MTP_OK) {
        status = mtp_request_new(MTP_COMMAND_LINT, &request, &err);
    }
    for (size_t i = 0; status == MTP_OK && columns[i]; i += 2) {
        status = mtp_request_set(request, columns[i], columns[i + 1], &err);
    }
    if (status == MTP_OK) {
        status = mtp_lint(request, table, &problems, &result, &err);
    }
    if (status == MTP_OK) {
        print(result);
    } else {
        fprintf(stderr, "%s\n", err.message);
    }
    mtp_lint_result_free(result);
    mtp_request_free(request);
    mtp_table_free(table);
    return status == MTP_OK ? 0 : 1;
}
