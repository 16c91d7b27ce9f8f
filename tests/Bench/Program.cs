using Actors.Bench;
using Actors.Bench.Http;
using Actors.Bench.Plots;

if (BenchHost.RunProgram(args) is { } program)
{
    return await program;
}

return args switch
{
    ["locomo", .. var rest] => await LocomoBench.RunAsync(rest),
    ["ranking", .. var rest] => RankingBench.Run(rest),
    ["notes", .. var rest] => await NotesBench.RunAsync(rest),
    ["extract", .. var rest] => ExtractionBench.Run(rest),
    ["http", .. var rest] => await HttpBench.RunAsync(rest),
    ["plots", .. var rest] => await RunPlots.RunAsync(rest),
    [RecallEndpoint.Command, .. var rest] => await RecallEndpoint.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        $"""
        ./bench grains                                          what a grain call costs in process
        ./bench locomo --corpus F --queries F [--out RUN.json]  how much of the evidence recall finds, over HTTP
        {NotesBench.Usage}                                           the same on the notes of agents, by kind of question, beside BM25 alone
        {ExtractionBench.Usage}                            how right the extraction rules are on labelled sentences, and how fast
        {HttpBench.Usage}
                                                                speed over HTTP, side by side with pgbench and a bare endpoint
        {RunPlots.Usage}                              draws what --json kept
        """);
    return 2;
}
