using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Son1kVers3.Profile.Data.Migrations
{
    /// <inheritdoc />
    public partial class Alvae : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "alvae_messages",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tester_id = table.Column<Guid>(type: "uuid", nullable: true),
                    author_id = table.Column<Guid>(type: "uuid", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_alvae_messages", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "alvae_proposals",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    author_id = table.Column<Guid>(type: "uuid", nullable: true),
                    title = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    vetoed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    veto_reason = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_alvae_proposals", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "revenue_entries",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    month = table.Column<DateOnly>(type: "date", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    paid_cents = table.Column<long>(type: "bigint", nullable: false),
                    refunded_cents = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_revenue_entries", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "alvae_votes",
                columns: table => new
                {
                    proposal_id = table.Column<Guid>(type: "uuid", nullable: false),
                    voter_id = table.Column<Guid>(type: "uuid", nullable: false),
                    in_favour = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_alvae_votes", x => new { x.proposal_id, x.voter_id });
                    table.ForeignKey(
                        name: "fk_alvae_votes_alvae_proposals_proposal_id",
                        column: x => x.proposal_id,
                        principalTable: "alvae_proposals",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_alvae_messages_author_id",
                table: "alvae_messages",
                column: "author_id");

            migrationBuilder.CreateIndex(
                name: "ix_alvae_messages_tester_id_id",
                table: "alvae_messages",
                columns: new[] { "tester_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_alvae_proposals_author_id",
                table: "alvae_proposals",
                column: "author_id");

            migrationBuilder.CreateIndex(
                name: "ix_alvae_votes_voter_id",
                table: "alvae_votes",
                column: "voter_id");

            migrationBuilder.CreateIndex(
                name: "ix_revenue_entries_currency_month",
                table: "revenue_entries",
                columns: new[] { "currency", "month" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "alvae_messages");

            migrationBuilder.DropTable(
                name: "alvae_votes");

            migrationBuilder.DropTable(
                name: "revenue_entries");

            migrationBuilder.DropTable(
                name: "alvae_proposals");
        }
    }
}
