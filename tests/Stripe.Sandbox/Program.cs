using Son1kVers3.Stripe.Sandbox;

await SandboxApplication.Build(args).RunAsync();
