using Actors.Bench;

return args switch
{
    ["grains", .. var rest] => await GrainBench.RunAsync(rest),
    ["locomo", .. var rest] => await LocomoBench.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        """
        ./bench grains                                        what a grain call costs in process
        ./bench locomo --corpus F --queries F [--out RUN.json]  how much of the evidence recall finds, over HTTP
        """);
    return 2;
}
