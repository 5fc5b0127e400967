/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The analyses of an analysis file, and its claims beside what comes out.
 *
 *   analysis_file bcg.yaml
 */
#include <metapool/metapool.h>
#include <stdio.h>

static void print_error(const mtp_error *err)
{
    char text[1024];

    mtp_error_format(err, text, sizeof text);
    fprintf(stderr, "%s\n", text);
}

/* A figure of a result is found by its path in the JSON of the analysis. */
static mtp_status print_pooled(const mtp_bundle *bundle, const char *name,
                               mtp_error *err)
{
    static const char *const path[] = {"overall.k", "overall.random.back.estimate",
                                       "overall.random.back.ci_lower",
                                       "overall.random.back.ci_upper"};
    double value[4] = {0.0};
    mtp_status status = MTP_OK;

    for (size_t i = 0; i < 4 && status == MTP_OK; i++) {
        status = mtp_report_value(bundle, path[i], &value[i], err);
    }
    if (status == MTP_OK) {
        printf("%s: %.0f trials, %.4f [%.4f, %.4f]\n", name, value[0], value[1],
               value[2], value[3]);
    }
    return status;
}

static mtp_status print_claims(const mtp_analysis_file *file,
                               const mtp_file_analysis *analysis,
                               const mtp_bundle *bundle, mtp_error *err)
{
    mtp_status status = MTP_OK;

    for (size_t i = 0; i < file->n_claims && status == MTP_OK; i++) {
        const mtp_claim *claim = &file->claims[i];
        double value = 0.0;

        if (claim->analysis == analysis) {
            status = mtp_report_value(bundle, claim->quantity, &value, err);
        }
        if (claim->analysis == analysis && status == MTP_OK) {
            printf("%s: printed %s, computed %.4f\n", claim->where, claim->printed,
                   value);
        }
    }
    return status;
}

static mtp_status run_all(const mtp_analysis_file *file, mtp_error *err)
{
    mtp_workspace *workspace = NULL;
    mtp_status status = mtp_workspace_new(file, &workspace, err);

    for (size_t i = 0; i < file->n_analyses && status == MTP_OK; i++) {
        const mtp_file_analysis *analysis = &file->analyses[i];
        mtp_bundle *bundle = NULL;

        if (analysis->is_template) {
            continue;
        }
        status = mtp_workspace_run(workspace, analysis, &bundle, NULL, err);
        if (status == MTP_OK) {
            status = print_pooled(bundle, analysis->name, err);
        }
        if (status == MTP_OK) {
            status = print_claims(file, analysis, bundle, err);
        }
        mtp_bundle_free(bundle);
    }
    mtp_workspace_free(workspace);
    return status;
}

int main(int argc, char **argv)
{
    mtp_analysis_file *file = NULL;
    mtp_error err;
    mtp_status status;

    if (argc != 2) {
        fprintf(stderr, "usage: analysis_file FILE.yaml\n");
        return 2;
    }
    status = mtp_analysis_file_read(argv[1], &file, NULL, &err);
    if (status == MTP_OK) {
        printf("%s\n", file->title);
        status = run_all(file, &err);
    }
    if (status != MTP_OK) {
        print_error(&err);
    }
    mtp_analysis_file_free(file);
    return status == MTP_OK ? 0 : 1;
}
