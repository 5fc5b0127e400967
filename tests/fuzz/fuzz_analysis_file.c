/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/analysis_file.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Any bytes as an analysis file: structures that hang together, or an error with its
 * place. What was accepted makes requests without further complaint. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
    if (!condition) {
        abort();
    }
}

static void check_analyses(const mtp_analysis_file *file)
{
    mtp_workspace *workspace = NULL;

    require(mtp_workspace_new(file, &workspace, NULL) == MTP_OK);
    for (size_t i = 0; i < file->n_analyses; i++) {
        const mtp_file_analysis *analysis = &file->analyses[i];
        mtp_request *request = NULL;

        require(mtp_analysis_file_find(file, analysis->name) == analysis);
        require(analysis->place.line > 0 && analysis->place.column > 0);
        if (!analysis->is_template) {
            require(analysis->data != NULL && analysis->data->file[0] != '/');
            require(mtp_workspace_request(workspace, analysis, &request, NULL) ==
                    MTP_OK);
        }
        mtp_request_free(request);
    }
    mtp_workspace_free(workspace);
}

static void check_claims(const mtp_analysis_file *file)
{
    for (size_t i = 0; i < file->n_claims; i++) {
        const mtp_claim *claim = &file->claims[i];

        require(claim->id && claim->quantity && claim->printed && claim->analysis);
        require(!claim->analysis->is_template);
        require((claim->digits == 0 && isnan(claim->tolerance)) == !claim->reason);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mtp_analysis_file *file = NULL;
    mtp_problems problems = {0};
    mtp_error err = {0};
    mtp_status status =
        mtp_analysis_file_parse(METAPOOL_SOURCE_DIR "/datasets/nrm2024/fuzz.yaml",
                                (const char *)data, size, &file, &problems, &err);

    require((status == MTP_OK) == (file != NULL));
    if (file) {
        require(problems.count == 0 && file->title && file->n_data > 0);
        check_analyses(file);
        check_claims(file);
    } else {
        require(problems.count > 0 && err.message[0] && problems.item[0].source[0]);
    }
    mtp_analysis_file_free(file);
    return 0;
}
