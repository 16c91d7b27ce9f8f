using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Actors.Support;

namespace Actors.Api.Tests.Planning;

/// <summary>The session of docs/planner.md, run by a shell against a fresh service, answers what stands there.</summary>
public partial class PlannerDocTests
{
    private const string Doc = "docs/planner.md";
    private const string Mark = "--- end of a block ---";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task its_session_is_what_a_shell_gets_to_see()
    {
        var blocks = Blocks(SourceTree.Read(Doc));
        Assert.True(blocks.Count > 5, "The document has no session.");
        var answers = await RunAsync(blocks);
        // Who runs it across Sunday midnight asks for the sprint of another week than the one that was made.
        if (answers[^1].Contains("\"sprint\":null", StringComparison.Ordinal))
        {
            answers = await RunAsync(blocks);
        }

        var (shown, got) = (new Sameness(), new Sameness());
        foreach (var ((script, expected), answer) in blocks.Zip(answers))
        {
            Assert.True(shown.Of(expected) == got.Of(answer), $"{script}\n\nanswers\n\n{answer}\n\nand not, but for ids and times,\n\n{expected}");
        }
    }

    private static List<(string Script, string Answers)> Blocks(string doc) =>
        [.. Block().Matches(doc[doc.IndexOf("## A session", StringComparison.Ordinal)..]).Select(match => (match.Groups["script"].Value, match.Groups["answers"].Value))];

    private static async Task<string[]> RunAsync(List<(string Script, string Answers)> blocks)
    {
        var data = Path.Combine(Path.GetTempPath(), $"planner-doc-{Guid.NewGuid():N}");
        await using var database = await TestPostgres.CreateAsync();
        try
        {
            await using var service = await ServiceProcess.StartAsync(data, "--postgres", database.ConnectionString);
            var script = string.Concat(blocks.Select(block => $"{block.Script}\necho '{Mark}'\n"))
                .Replace(".data/admin.key", Path.Combine(data, "admin.key"), StringComparison.Ordinal)
                .Replace("http://127.0.0.1:8080/", $"{service.Client.BaseAddress}", StringComparison.Ordinal);
            var answers = (await ShellAsync(script)).Split(Mark + "\n");
            Assert.Equal(blocks.Count + 1, answers.Length);
            return answers[..^1];
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<string> ShellAsync(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-e", "-o", "pipefail"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await shell.StandardInput.WriteAsync(script);
        shell.StandardInput.Close();
        var (output, errors) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Limit);
        Assert.True(shell.ExitCode == 0, $"{await output}\n{await errors}");
        return await output;
    }

    [GeneratedRegex(@"```sh\n(?<script>.*?)```\n+(```json\n(?<answers>.*?)```)?", RegexOptions.Singleline)]
    private static partial Regex Block();

    /// <summary>Answers without what differs from run to run: an id is called by its place among the ids so far, times and weeks are all the same.</summary>
    private sealed partial class Sameness
    {
        private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

        public string Of(string answers)
        {
            var values = new List<string>();
            var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(answers), new JsonReaderOptions { AllowMultipleValues = true });
            while (reader.Read())
            {
                values.Add(JsonNode.Parse(ref reader)?.ToJsonString() ?? "null");
            }

            var text = Id().Replace(string.Join('\n', values), id => $"id {(_ids.TryGetValue(id.Value, out var known) ? known : _ids[id.Value] = _ids.Count + 1)}");
            return Week().Replace(Time().Replace(text, "time"), "week");
        }

        [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
        private static partial Regex Id();

        [GeneratedRegex(@"\d{4}-\d\d-\d\dT[0-9:.]+(Z|(\\u002B|[+-])\d\d:\d\d)")]
        private static partial Regex Time();

        [GeneratedRegex(@"\d{4}-W\d\d|(?<=_on"":"")\d{4}-\d\d-\d\d")]
        private static partial Regex Week();
    }
}
