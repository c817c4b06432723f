/// What people look at: a page for every run, pages that compare runs.
///
/// [RunReport][org.jmoco.moco.report.RunReport] writes `report.html` from a run's folder;
/// [RunPictures][org.jmoco.moco.report.RunPictures] draws what it shows of the features. Charts are inline SVG,
/// pages hold no script and need no network.
package org.jmoco.moco.report;
