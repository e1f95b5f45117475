/** SOP-KP-004: relocation and recommissioning, in English only: what a Chinese question has to find across languages. */
import { bullets, danger, h1, p, type Sop, steps, table } from './sop-block.ts'

export const relocationSop: Sop = {
  number: 'SOP-KP-004',
  revision: 'A',
  effective: '2026-06-01',
  title: 'Relocation and Recommissioning',
  subtitle: 'Hydraulic presses KP-60 and KP-100 (English only)',
  editions: [{ language: 'en', format: 'pdf', file: 'SOP-KP-004 Relocation (en).pdf' }],
  blocks: [
    h1('1 Scope'),
    p(
      'This procedure covers moving a press inside the plant and putting it into operation at the new place. It is carried out by the engineering department with a certified rigging company.',
    ),
    danger(
      'Nobody stands under or within 3 m of a lifted press. Lifting stops at wind speeds above 8 m/s when the roof gate is open.',
    ),
    h1('2 Transport data'),
    table(
      'Table 1: Transport data',
      ['Property', 'KP-60', 'KP-100'],
      [46, 27, 27],
      [
        ['Mass without oil and die', '6,800 kg', '12,400 kg'],
        ['Height, ram at the bottom', '3,150 mm', '3,980 mm'],
        ['Footprint (width × depth)', '1,900 × 1,450 mm', '2,400 × 1,800 mm'],
        ['Lifting eyes', '4 × M36', '4 × M48'],
        ['Shortest permitted sling length', '3.0 m', '4.0 m'],
        ['Centre of gravity above the base', '1,420 mm', '1,760 mm'],
      ],
    ),
    h1('3 Foundation'),
    p(
      'The foundation is reinforced concrete of class C30/37, at least 400 mm thick for the KP-60 and 600 mm for the KP-100. The concrete cures for 28 days before the anchors are tightened. Anchors are M24 at 450 N·m for the KP-60 and M30 at 900 N·m for the KP-100.',
    ),
    p(
      'The press is levelled to 0.02 mm/m in both directions with the machine level ML-2, measured on the bolster. Levelling is repeated after 200 operating hours, because new foundations settle.',
    ),
    h1('4 Moving'),
    steps(
      'Drain the oil, take the die out, and rest the ram on the die safety blocks.',
      'KP-100 only: let the nitrogen out of the accumulator A1 and tag it EMPTY.',
      'Disconnect and label power, air, water and signal lines; cap all hydraulic ports.',
      'Lift the press no higher than 150 mm above the floor and move it at walking pace.',
      'Set it down on the levelling pads, level it roughly, and grout the pads.',
    ),
    h1('5 Recommissioning'),
    steps(
      'Connect the lines, fill ISO VG 46 through a 5 µm filter, and charge the accumulator of the KP-100 to 9.0 MPa.',
      'Check the phase sequence with the pump motor uncoupled: alarm E-402 must not appear.',
      'Bleed the system at 5 MPa for 15 minutes with the ram moving over the whole stroke.',
      'Raise the pressure in steps of 5 MPa to the rated pressure; hold each step for 10 minutes and look for leaks.',
      'Measure the stopping time 10 times: each must be 180 ms or less.',
      'Run 500 strokes without a part, then tighten the tie rod nuts under SOP-KP-002.',
    ),
    h1('6 Release'),
    bullets(
      'The safety inspection is done by two persons, one of them from the safety department, with form F-130.',
      'The noise at the operator position is measured; it must not exceed 78 dB(A).',
      'The press is released for production by the plant manager in writing.',
    ),
  ],
}
