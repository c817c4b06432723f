/// What a whole run will need and take, before it starts: [Forecast][org.jmoco.moco.forecast.Forecast], from plans
/// alone (`MemoryForecast`) and from a few steps that are tried (`TimeForecast`);
/// of segmentation [SegmentPlan][org.jmoco.moco.forecast.SegmentPlan].
package org.jmoco.moco.forecast;
