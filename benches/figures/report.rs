//! The table of figures and their verdicts.

/// What was measured.
#[derive(Default)]
pub struct Report {
    machine: Vec<String>,
    lines: Vec<Line>,
}

struct Line {
    figure: String,
    measured: String,
    target: String,
    verdict: &'static str,
}

impl Report {
    /// Where it was measured.
    pub fn machine(&mut self, lines: &[String]) {
        self.machine.extend_from_slice(lines);
    }

    /// A figure without a target.
    pub fn figure(&mut self, figure: &str, measured: String) {
        self.line(figure, measured, "", "");
    }

    /// A figure that should reach a target.
    pub fn target(&mut self, figure: &str, measured: String, target: &str, met: bool) {
        self.line(figure, measured, target, if met { "met" } else { "missed" });
    }

    fn line(&mut self, figure: &str, measured: String, target: &str, verdict: &'static str) {
        let (figure, target) = (figure.to_owned(), target.to_owned());
        self.lines.push(Line { figure, measured, target, verdict });
    }

    /// Prints the table.
    pub fn print(&self) {
        let width = |read: fn(&Line) -> &str| {
            self.lines.iter().map(|line| read(line).chars().count()).max().unwrap_or_default()
        };
        let (figure, measured, target) =
            (width(|line| &line.figure), width(|line| &line.measured), width(|line| &line.target));
        println!();
        self.machine.iter().for_each(|line| println!("{line}"));
        println!();
        println!("{:figure$}  {:measured$}  {:target$}  verdict", "figure", "measured", "target");
        println!("{}", "-".repeat(figure + measured + target + 13));
        for line in &self.lines {
            let row = format!(
                "{:figure$}  {:measured$}  {:target$}  {}",
                line.figure, line.measured, line.target, line.verdict
            );
            println!("{}", row.trim_end());
        }
        println!();
        println!(
            "RssAnon is the backend's own memory; VmRSS, and VmHWM as its peak, count shared buffers that it touched."
        );
    }
}
