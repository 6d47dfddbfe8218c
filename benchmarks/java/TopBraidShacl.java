// TopBraid SHACL, timed: java -cp "JARS/*" TopBraidShacl.java SHAPES DATA REPORT RUNS
// Prints a line per run: CPU seconds of the whole process (all threads) for parsing and for validating. All runs are in
// one JVM, so that the last one is warm. Writes the report of the last run as N-Triples.
import com.sun.management.OperatingSystemMXBean;
import java.io.FileOutputStream;
import java.lang.management.ManagementFactory;
import org.apache.jena.rdf.model.Model;
import org.apache.jena.rdf.model.Resource;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFDataMgr;
import org.topbraid.shacl.validation.ValidationUtil;

public class TopBraidShacl {
  static double cpu() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime() / 1e9;
  }

  public static void main(String[] given) throws Exception {
    Model shapes = RDFDataMgr.loadModel(given[0]);
    Resource report = null;
    for (int run = 0; run < Integer.parseInt(given[3]); run++) {
      double begun = cpu();
      Model data = RDFDataMgr.loadModel(given[1]);
      double parsed = cpu();
      report = ValidationUtil.validateModel(data, shapes, false);
      System.out.printf(java.util.Locale.ROOT, "%.3f %.3f%n", parsed - begun, cpu() - parsed);
    }
    try (var out = new FileOutputStream(given[2])) {
      RDFDataMgr.write(out, report.getModel(), Lang.NTRIPLES);
    }
  }
}
