//! The report's charts as SVG. They repeat what its tables say, for the eye.

use charts_rs::{LineChart, RadarChart, Series};

use crate::error::{ApiError, Result};

/// Black on white and colours apart in grey too, since most reports are printed.
const COLOURS: [&str; 3] = ["#0b5d4e", "#c2600f", "#6b7280"];

/// A name and its points in per cent, one for each axis or day.
pub struct Line {
    pub name: String,
    pub points: Vec<f32>,
}

/// One axis for each dimension.
pub fn radar(axes: &[String], lines: &[Line]) -> Result<String> {
    let mut chart =
        RadarChart::new(series(lines), axes.iter().map(|name| (name.as_str(), 100.0).into()).collect());
    // Wide enough for names on both sides of the web.
    (chart.width, chart.height) = (800.0, 420.0);
    chart.series.colors = COLOURS.iter().map(|colour| (*colour).into()).collect();
    chart.background_color = "#ffffff".into();
    chart.series.fill = true;
    chart.svg().map_err(ApiError::internal)
}

/// One place on the axis for each day.
pub fn trend(days: Vec<String>, lines: &[Line]) -> Result<String> {
    let mut chart = LineChart::new(series(lines), days);
    (chart.width, chart.height) = (640.0, 300.0);
    chart.series.colors = COLOURS.iter().map(|colour| (*colour).into()).collect();
    chart.background_color = "#ffffff".into();
    chart.svg().map_err(ApiError::internal)
}

fn series(lines: &[Line]) -> Vec<Series> {
    lines.iter().map(|line| (line.name.as_str(), line.points.clone()).into()).collect()
}
