/// What a whole run will need and take, before it starts: [Forecast][org.jmoco.moco.forecast.Forecast], from plans
/// alone (`MemoryForecast`) and from a few steps that are tried (`TimeForecast`).
package org.jmoco.moco.forecast;
