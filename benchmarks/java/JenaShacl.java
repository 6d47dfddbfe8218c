// Jena SHACL, timed: java -cp "JARS/*" JenaShacl.java SHAPES DATA REPORT RUNS
// Prints a line per run: CPU seconds of the whole process (all threads) for parsing and for validating. All runs are in
// one JVM, so that the last one is warm. Writes the report of the last run as N-Triples.
import com.sun.management.OperatingSystemMXBean;
import java.io.FileOutputStream;
import java.lang.management.ManagementFactory;
import org.apache.jena.graph.Graph;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.shacl.ShaclValidator;
import org.apache.jena.shacl.Shapes;
import org.apache.jena.shacl.ValidationReport;

public class JenaShacl {
  static double cpu() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime() / 1e9;
  }

  public static void main(String[] given) throws Exception {
    Shapes shapes = Shapes.parse(RDFDataMgr.loadGraph(given[0]));
    ValidationReport report = null;
    for (int run = 0; run < Integer.parseInt(given[3]); run++) {
      double begun = cpu();
      Graph data = RDFDataMgr.loadGraph(given[1]);
      double parsed = cpu();
      report = ShaclValidator.get().validate(shapes, data);
      System.out.printf(java.util.Locale.ROOT, "%.3f %.3f%n", parsed - begun, cpu() - parsed);
    }
    try (var out = new FileOutputStream(given[2])) {
      RDFDataMgr.write(out, report.getGraph(), Lang.NTRIPLES);
    }
  }
}
