// The closing line of a test run: counts the outcomes in all TRX files below a directory. Exit code 1 when a test failed or none ran.
using System.Xml.Linq;

if (args is not [var directory])
{
    Console.Error.WriteLine("usage: dotnet run eng/TrxSummary.cs -- DIRECTORY");
    return 2;
}
int passed = 0, failed = 0, skipped = 0;
foreach (var file in Directory.EnumerateFiles(directory, "*.trx", SearchOption.AllDirectories))
{
    var document = XDocument.Load(file);
    var results = document.Descendants(document.Root!.Name.Namespace + "UnitTestResult");
    foreach (var outcome in results.Select(r => (string?)r.Attribute("outcome")))
        switch (outcome)
        {
            case "Passed": passed++; break;
            case "NotExecuted" or "Inconclusive": skipped++; break;
            default: failed++; break; // Failed, Error, Timeout, Aborted, or no outcome at all
        }
}
Console.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
return failed > 0 || passed == 0 ? 1 : 0;
